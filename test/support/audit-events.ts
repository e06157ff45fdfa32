/** Events for tests of the audit log. */
import { randomUUID } from 'node:crypto';
import { EVENT_TYPES, type NewEvent } from '../../src/domain/events.js';
import { AuditSealer } from '../../src/services/audit/audit-seal.js';
import type { ServiceContext } from '../../src/services/context.js';
import { recordEvents } from '../../src/store/events.js';
import type { Store } from '../../src/store/store.js';

const START = Date.parse('2026-03-02T09:00:00.000Z');

/** As various as events get; the databases keep the keys of `data` in orders of their own. */
export function makeEvent(number: number): NewEvent {
  return {
    at: new Date(START + number),
    type: EVENT_TYPES[number % EVENT_TYPES.length] ?? 'config.full',
    tenantId: number % 3 === 0 ? null : randomUUID(),
    mac: number % 5 === 0 ? null : '80:5e:c0:11:22:33',
    actor: number % 2 === 0 ? 'phone' : 'Zoë & Söhne “crm”',
    address: number % 7 === 0 ? null : '2001:db8::7',
    data: {
      zebra: number,
      a: [1.5, 1e21, 1e-7, -0, number / 3, null, true],
      länger: { '\u{1f4de}': 'x\ty', '10': 1, '9': { b: [], a: {} } },
      ...(number % 4 === 0 ? {} : { at: new Date(START).toISOString() }),
    },
  };
}

export async function writeEvents(store: Store, count: number, from = 0): Promise<void> {
  for (let done = 0; done < count; done += 500) {
    const length = Math.min(500, count - done);
    await recordEvents(
      store.db,
      Array.from({ length }, (_, index) => makeEvent(from + done + index)),
    );
  }
}

/** Seals until there is nothing left to seal. */
export async function sealAll(context: ServiceContext, sealer = new AuditSealer(context)): Promise<void> {
  while (await sealer.look()) continue;
}
