import { type AuthenticationState, lookAt } from './authentication.js';
import type { Device } from './device.js';
import type { Policy } from './policy.js';
import { isWindowOpen, usesWindow } from './window.js';

/**
 * What a phone with a minimal configuration shows. Leaflet, "Authentication Mode" and "Failed
 * Authentication": the words are exact.
 */
export const DISPLAY_TEXTS = {
  needed: 'Authentication needed',
  failed: 'Authentication failed',
  blocked: 'Authentication blocked',
  /**
   * A minimal configuration in this state means that the phone asking is not the one that proved
   * itself.
   */
  successful: 'Authentication needed',
  unauthorized: 'Authorize provisioning!',
} as const satisfies Record<AuthenticationState | 'unauthorized', string>;

export type DisplayText = (typeof DISPLAY_TEXTS)[keyof typeof DISPLAY_TEXTS];

/** What a phone shows that has proved itself and has no line yet. */
export const NO_LINE_TEXT = 'No line assigned';

/**
 * What the phone of a device shows at `now`; null where it shows what it likes: it has proved
 * itself, or is served in full without that.
 */
export function displayTextOf(device: Device, policy: Policy, now: Date): DisplayText | null {
  if (device.kind === 'managed' && isAwaitingApproval(device, policy, now)) return DISPLAY_TEXTS.unauthorized;
  const { state } = lookAt(device.authentication, now);
  if (state === 'successful' || policy.secondFactor === 'window') return null;
  return DISPLAY_TEXTS[state];
}

/**
 * Whether a phone of the device waits for an administrator: it came too late, was silent for too
 * long, or lost what it held.
 */
function isAwaitingApproval(device: Device, policy: Policy, now: Date): boolean {
  if (!usesWindow(policy)) return false;
  return device.firstSyncedAt === null ? !isWindowOpen(device, now) : device.attention === 'token_missing';
}

/**
 * Whether the phone of a device has proved itself and is given no line: it keeps the account with
 * which it can call for help, and no other.
 */
export function lacksLine(device: Device, lines: readonly string[], now: Date): boolean {
  const { state } = lookAt(device.authentication, now);
  return device.kind === 'managed' && state === 'successful' && lines.length === 0;
}
