/** How long a registration may last: short, because where a phone can be reached is what NOTIFY depends on. */
export const REGISTRATION_SECONDS = { min: 30, max: 300 } as const;

/** What is granted of the seconds that a phone asks for; 0 takes the registration away (RFC 3261, section 10.2.2). */
export function grantExpiry(askedSeconds: number): number {
  if (askedSeconds <= 0) return 0;
  return Math.min(Math.max(Math.floor(askedSeconds), REGISTRATION_SECONDS.min), REGISTRATION_SECONDS.max);
}
