import type { NewEvent } from '../../domain/events.js';
import type { Mac } from '../../domain/mac.js';
import { subscriberText } from '../../domain/prefix.js';
import { REPEAT_SECONDS } from '../../domain/repetition.js';
import { addSeconds } from '../../domain/time.js';
import type { VendorId } from '../../domain/vendor-id.js';
import { recordEvents } from '../../store/events.js';
import { countNewKnocks, type Knock, MAX_KNOCKS, saveKnocks, trimKnocks } from '../../store/knocks.js';
import type { Queryable } from '../../store/store.js';
import { runTransaction } from '../../store/transactions.js';
import { phoneAt } from '../audit/actors.js';

/** A fetch for a MAC that no managed device has. */
export interface KnockNote {
  mac: Mac;
  vendor: VendorId;
  address: string | null;
  userAgent: string | null;
  at: Date;
}

/**
 * Lines of the audit log that knocks may make in a minute; those beyond are counted in the list and
 * not told of one by one.
 */
export const KNOCK_EVENTS_PER_MINUTE = 60;
/** And those that one subscriber may make in an hour. */
export const KNOCK_EVENTS_PER_HOUR = 60;
const MINUTE_MS = 60_000;
const USER_AGENT_LENGTH = 200;

/**
 * Collects requests for unknown MACs. A scanner asks for any number of them, so all of it is
 * bounded: what waits to be written, what is stored, and the events.
 */
export class Knocks {
  #waiting = new Map<Mac, Knock>();
  #minute = 0;
  #told = 0;

  add({ mac, vendor, address, userAgent, at }: KnockNote): void {
    const before = this.#waiting.get(mac);
    this.#keep({
      mac,
      vendor,
      address,
      userAgent: userAgent === null ? null : printable(userAgent),
      times: (before?.times ?? 0) + 1,
      firstAt: before?.firstAt ?? at,
      lastAt: at,
    });
  }

  /** What is to be written now. */
  take(): Knock[] {
    const knocks = [...this.#waiting.values()];
    this.#waiting = new Map();
    return knocks;
  }

  /** For what could not be written; somebody may have knocked again meanwhile. */
  putBack(knock: Knock): void {
    const later = this.#waiting.get(knock.mac);
    this.#keep(
      later === undefined ? knock : { ...later, times: knock.times + later.times, firstAt: knock.firstAt },
    );
  }

  /** Writes knocks, and a line of the audit log for each MAC that was not remembered. */
  async write(db: Queryable, knocks: readonly Knock[]): Promise<void> {
    await runTransaction(db, async (transaction) => {
      const unheard = new Set(await saveKnocks(transaction, knocks));
      if (unheard.size === 0) return;
      const firsts = knocks.filter(({ mac }) => unheard.has(mac));
      const worthTelling = await withinShare(transaction, firsts);
      await trimKnocks(transaction);
      await recordEvents(
        transaction,
        worthTelling.filter(({ firstAt }) => this.#mayTell(firstAt)).map(knockEvent),
      );
    });
  }

  /** The longest silent goes first, as it would from the table. */
  #keep(knock: Knock): void {
    this.#waiting.delete(knock.mac);
    this.#waiting.set(knock.mac, knock);
    const [silent] = this.#waiting.keys();
    if (silent !== undefined && this.#waiting.size > MAX_KNOCKS) this.#waiting.delete(silent);
  }

  #mayTell(at: Date): boolean {
    const minute = Math.floor(at.getTime() / MINUTE_MS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#told = 0;
    }
    this.#told += 1;
    return this.#told <= KNOCK_EVENTS_PER_MINUTE;
  }
}

/** Of each subscriber only so many in an hour: the list has them all. */
async function withinShare(transaction: Queryable, firsts: readonly Knock[]): Promise<Knock[]> {
  const subscribers = new Set(firsts.map(subscriberOf));
  const since = addSeconds(firsts[0]?.firstAt ?? new Date(0), -REPEAT_SECONDS);
  const counted = await countNewKnocks(transaction, [...subscribers], since);
  const room = new Map<string, number>();
  for (const subscriber of subscribers) {
    const now = firsts.filter((knock) => subscriberOf(knock) === subscriber).length;
    room.set(subscriber, KNOCK_EVENTS_PER_HOUR - ((counted.get(subscriber) ?? 0) - now));
  }
  return firsts.filter((knock) => {
    const left = room.get(subscriberOf(knock)) ?? 0;
    room.set(subscriberOf(knock), left - 1);
    return left > 0;
  });
}

function subscriberOf({ address }: Knock): string {
  return subscriberText(address) ?? '';
}

/** What a stranger sends must not garble the list. */
function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '').slice(0, USER_AGENT_LENGTH);
}

function knockEvent({ mac, vendor, address, firstAt }: Knock): NewEvent {
  const { name: actor } = phoneAt(address);
  return { at: firstAt, type: 'device.knocked', tenantId: null, mac, actor, address, data: { vendor } };
}
