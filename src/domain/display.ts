import type { AuthenticationState } from './authentication.js';

/** What a phone with a minimal configuration shows. Leaflet, "Authentication Mode" and "Failed Authentication": the words are exact. */
export const DISPLAY_TEXTS = {
  needed: 'Authentication needed',
  failed: 'Authentication failed',
  blocked: 'Authentication blocked',
  /** A minimal configuration in this state means that the phone asking is not the one that proved itself. */
  successful: 'Authentication needed',
  unauthorized: 'Authorize provisioning!',
} as const satisfies Record<AuthenticationState | 'unauthorized', string>;

export type DisplayText = (typeof DISPLAY_TEXTS)[keyof typeof DISPLAY_TEXTS];
