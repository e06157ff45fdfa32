/**
 * Where the present comes from. Only composition roots make one; everything else is given `now`.
 */
export interface Clock {
  now(): Date;
}

export function addSeconds(moment: Date, seconds: number): Date {
  return new Date(moment.getTime() + seconds * 1000);
}

/** Whole seconds from `now` until `moment`, rounded up; 0 when it has passed. */
export function secondsUntil(moment: Date, now: Date): number {
  return Math.max(0, Math.ceil((moment.getTime() - now.getTime()) / 1000));
}
