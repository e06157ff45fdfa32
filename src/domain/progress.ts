import type { AuthenticationState } from './authentication.js';
import { DISPLAY_TEXTS, type DisplayText } from './display.js';
import { addSeconds } from './time.js';

/** The stages that a phone goes through, in their order. */
export const STAGES = [
  'created',
  'contacted',
  'minimal',
  'registered',
  'called',
  'authenticated',
  'full',
] as const;
export type Stage = (typeof STAGES)[number];

/** When a device first reached each stage since it was created or last reset; null: not yet. */
export type Progress = { [S in Stage as `${S}At`]: S extends 'created' ? Date : Date | null };

/** The stage at which a phone waits, since when, and the likely cause in words. */
export interface Stuck {
  stage: Stage;
  since: Date;
  cause: string;
}

/** What the cause depends on. */
export interface Circumstances {
  state: AuthenticationState;
  displayText: DisplayText | null;
  failedUntil: Date | null;
  suspendedUntil: Date | null;
  wrongInRow: number;
  /** `code`: it waits for the code of a line, and no PIN. */
  asks: 'pap' | 'code';
  /** Several phones claim the device. */
  isContested: boolean;
  /** What phones are told to fetch from. */
  provisioningUrl: string;
  /** What phones are told to register at, such as `UDP port 5060`. */
  sipPort: string;
  /** Why the last resync failed; null: it did not, or there was none. */
  resyncFailure: string | null;
}

/** After this a step that should have followed is missed: a phone restarts in less. */
export const STUCK_AFTER_SECONDS = 90;

/** The last stage that was reached, and when. */
export function lastStage(progress: Progress): { stage: Stage; at: Date } {
  const reached = STAGES.findLast((stage) => progress[`${stage}At`] !== null) ?? 'created';
  return { stage: reached, at: progress[`${reached}At`] ?? progress.createdAt };
}

/**
 * Where a phone is stuck at `now`; null when it has its full configuration, or reached its last
 * stage a moment ago.
 */
export function stuckAt(progress: Progress, about: Circumstances, now: Date): Stuck | null {
  const { stage, at } = lastStage(progress);
  if (progress.fullAt !== null || now < addSeconds(at, STUCK_AFTER_SECONDS)) return null;
  return { stage, since: at, cause: causeOf(stage, ageText(at, now), about) };
}

/** In the order of what explains more. */
function causeOf(stage: Stage, ago: string, about: Circumstances): string {
  if (about.state === 'blocked')
    return 'Blocked after too many wrong PINs: only Reset Authentication opens it.';
  if (about.state === 'failed')
    return `Locked after wrong PINs until ${about.failedUntil?.toISOString() ?? 'an administrator resets it'}: it opens again by itself, or by Reset Authentication.`;
  if (stage === 'created')
    return `Created ${ago}, and its phone was never seen: is it plugged in, and pointed at ${about.provisioningUrl}/?`;
  if (about.displayText === DISPLAY_TEXTS.unauthorized)
    return 'It waits for an administrator: Authorize provisioning.';
  if (about.isContested)
    return 'Several phones claim this device: find the right one, and have its user key in the PIN after Reset Authentication.';
  if (about.suspendedUntil !== null)
    return `Its authentication is suspended until ${about.suspendedUntil.toISOString()}, but it has not fetched since: restart the phone, or Resync.`;
  switch (stage) {
    case 'contacted':
      return `Seen ${ago}, but it never asked for its configuration: is the provisioning URL whole, with a slash at its end?`;
    case 'minimal':
      return `Fetched its minimal configuration ${ago} and never registered: is SIP (${about.sipPort}) blocked?`;
    case 'registered':
      return about.asks === 'code'
        ? `Registered ${ago}, and no code was dialled: ask the user to dial the provisioning code of the line.`
        : `Registered ${ago}, and the authentication service was not called: ask the user to dial *89, or to lift the handset.`;
    case 'called':
      if (about.asks === 'code')
        return `Called ${ago}, and no code was accepted: is the provisioning code of the line right, and not used up?`;
      return about.wrongInRow > 0
        ? `Called ${ago}; wrong PINs in a row: ${about.wrongInRow}. Ask the user to key in the PIN that is shown here, then #.`
        : `Called ${ago} and hung up before a PIN was entered: ask the user to wait for the voice, key in the PIN and press #.`;
    case 'authenticated':
      return about.resyncFailure === null
        ? `Authenticated ${ago}, but the full configuration was not fetched: restart the phone, or Resync.`
        : `Authenticated ${ago}, but the phone could not be told to fetch (${about.resyncFailure}): restart it.`;
    case 'full':
      return '';
  }
}

const UNITS = [
  [86_400, 'day'],
  [3600, 'h'],
  [60, 'min'],
] as const;

/** `2 h ago`, `3 days ago`. */
function ageText(at: Date, now: Date): string {
  const seconds = Math.max(0, (now.getTime() - at.getTime()) / 1000);
  const [size, unit] = UNITS.find(([length]) => seconds >= length) ?? UNITS[2];
  const n = Math.max(1, Math.floor(seconds / size));
  return `${n} ${unit === 'day' && n > 1 ? 'days' : unit} ago`;
}
