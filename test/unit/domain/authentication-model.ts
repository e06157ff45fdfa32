/**
 * The state machine a second time, written from the table of states alone: flat numbers, no
 * knowledge of the first.
 */
import type { Verdict } from '../../../src/domain/entry.js';
import type { Policy } from '../../../src/domain/policy.js';

/** Phone 0 is the first; of the later ones two share an address. */
export function sourceOfPhone(phone: number): string {
  return phone === 3 ? 'source B' : 'source A';
}

export class Model {
  blocked = false;
  successful = false;
  lockedUntil = -1;
  wrong = 0;
  locks = 0;
  suspendedUntil = -1;
  papIssued: number | null = 0;
  papsIssued = 1;
  /**
   * Of later phones, their sources and all of them together, where the policy counts so: by what
   * names them.
   */
  wrongOf: Record<string, number> = {};
  lockedOfUntil: Record<string, number> = {};
  laterLocks = 0;

  constructor(private readonly policy: Policy) {}

  attempt(right: boolean, from: number, now: number): string {
    const { maxAttempts, maxLockouts, lockoutSeconds, papLifetimeSeconds: lifetime } = this.policy;
    const bySource = this.policy.lockoutScope === 'device-and-source';
    if (this.successful) return 'refused successful';
    if (this.blocked) return 'refused blocked';
    if (now < this.lockedUntil) return `refused failed ${this.lockedUntil}`;
    if (this.papIssued === null || (lifetime !== null && now >= this.papIssued + lifetime * 1000))
      return 'refused expired';
    const ofLater = bySource && from > 0 ? [`phone ${from}`, sourceOfPhone(from), 'all'] : null;
    if (ofLater !== null) {
      if (this.laterLocks >= maxLockouts) return 'refused later-phones';
      const until = Math.max(...ofLater.map((name) => this.lockedOfUntil[name] ?? -1));
      if (now < until) return `refused source ${until}`;
    }
    if (right) {
      this.succeed();
      return 'accepted';
    }
    const end = now + lockoutSeconds * 1000;
    if (ofLater !== null) return this.wrongOfLater(ofLater, end);
    this.wrong += 1;
    if (this.wrong < maxAttempts) return `wrong ${maxAttempts - this.wrong}`;
    this.wrong = 0;
    this.locks += 1;
    this.blocked = this.locks === maxLockouts;
    if (this.blocked) return 'wrong-blocked';
    this.lockedUntil = end;
    return `wrong-failed ${end}`;
  }

  wrongOfLater(names: string[], end: number): string {
    const { maxAttempts, maxLockouts } = this.policy;
    const left = names.map((name) => {
      const limit = name === 'all' ? 3 * maxAttempts : maxAttempts;
      const wrong = (this.wrongOf[name] ?? 0) + 1;
      this.wrongOf[name] = wrong % limit;
      if (wrong === limit) this.lockedOfUntil[name] = end;
      if (wrong === limit && name === 'all') this.laterLocks += 1;
      return limit - wrong;
    });
    if (this.laterLocks === maxLockouts) return 'wrong-later-blocked';
    return left.includes(0) ? `wrong-source-failed ${end}` : `wrong ${Math.min(...left)}`;
  }

  succeed(): void {
    Object.assign(this, {
      successful: true,
      blocked: false,
      lockedUntil: -1,
      wrong: 0,
      locks: 0,
      papIssued: null,
      wrongOf: {},
      lockedOfUntil: {},
      laterLocks: 0,
    });
  }

  reset(now: number): void {
    const fresh = new Model(this.policy);
    Object.assign(this, fresh, { papIssued: now, papsIssued: this.papsIssued + 1 });
  }

  state(now: number): string {
    if (this.successful) return 'successful';
    if (this.blocked) return 'blocked';
    return now < this.lockedUntil ? 'failed' : 'needed';
  }
}

export function inWords(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'accepted':
    case 'wrong-blocked':
    case 'wrong-later-blocked':
      return verdict.kind;
    case 'wrong':
      return `wrong ${verdict.attemptsLeft}`;
    case 'wrong-failed':
    case 'wrong-source-failed':
      return `${verdict.kind} ${verdict.failedUntil.getTime()}`;
    case 'refused':
      return 'until' in verdict
        ? `refused ${verdict.because} ${verdict.until.getTime()}`
        : `refused ${verdict.because}`;
  }
}
