import { texts } from './texts.js';

/** What is said of a device where its phone shows nothing of it. */
export const STATES = texts({
  en: {
    needed: 'Authentication needed',
    failed: 'Authentication failed',
    blocked: 'Authentication blocked',
    approval: 'Authorize provisioning!',
    suspended: 'Authentication suspended',
    successful: 'Authenticated',
    noLine: 'No line assigned',
    neverSeen: 'Never seen',
  },
  de: {
    needed: 'Authentifizierung nötig',
    failed: 'Authentifizierung gescheitert',
    blocked: 'Authentifizierung gesperrt',
    approval: 'Freigabe nötig',
    suspended: 'Authentifizierung ausgesetzt',
    successful: 'Authentifiziert',
    noLine: 'Kein Anschluss zugewiesen',
    neverSeen: 'Nie gesehen',
  },
});
