/** Where phones can be reached: what REGISTERs make of it (RFC 3261 10.3). */
import assert from 'node:assert/strict';
import type { Contact, Registration } from '../../src/contract/messages.js';
import { register } from '../../src/services/registration.js';
import { liveRegistrations, registrationsOf } from '../../src/store/registrations.js';
import { findToken } from '../../src/store/tokens.js';
import { makeContext, makeDevice, makeToken, PHONE_SOURCE, type TestContext } from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';

const ONE = 'sip:phone@192.0.2.10:5060';
const TWO = 'sip:phone@192.0.2.10:5062;transport=tcp';

/** A phone that registers: each time with the next CSeq, unless it is said otherwise. */
async function aPhone(context: TestContext): Promise<{
  tokenId: string;
  deviceId: string;
  asks(contacts: Registration['contacts'], changes?: Partial<Registration>): Promise<unknown>;
  has(): Promise<Contact[]>;
}> {
  const device = await makeDevice(context);
  const { id: tokenId } = await makeToken(context, device);
  let cseq = 0;
  const asks = async (
    contacts: Registration['contacts'],
    changes: Partial<Registration> = {},
  ): Promise<unknown> => {
    cseq += 1;
    const whole = { path: null, source: PHONE_SOURCE, callId: 'r', cseq, userAgent: null };
    const answer = await register(context, tokenId, { ...whole, contacts, ...changes });
    return answer?.kind === 'registered' ? answer.contacts : answer?.kind;
  };
  const has = async (): Promise<Contact[]> => asks([]) as Promise<Contact[]>;
  return { tokenId, deviceId: device.id, asks, has };
}

const at = (uri: string, expiresSeconds: number): Contact => ({ uri, expiresSeconds });

onBothDatabases('a contact is kept for what was asked, five minutes at most', async ({ store }) => {
  const context = makeContext(store);
  const phone = await aPhone(context);
  for (const [asked, granted] of [
    [10, 10],
    [30, 30],
    [300, 300],
    [3600, 300],
    [2 ** 32 - 1, 300],
  ] as const) {
    assert.deepEqual(await phone.asks([at(ONE, asked)]), [at(ONE, granted)]);
  }
  assert.equal(await phone.asks([at(ONE, 9)]), 'brief');
  context.clock.advance(299);
  assert.deepEqual(await phone.has(), [at(ONE, 1)]);
  context.clock.advance(1);
  assert.deepEqual(await phone.has(), []);
  assert.equal((await findToken(store.db, phone.tokenId))?.used, true);
});

onBothDatabases('several contacts come, are refreshed and go each by itself', async ({ store }) => {
  const context = makeContext(store);
  const phone = await aPhone(context);
  assert.deepEqual(await phone.asks([at(ONE, 60), at(TWO, 90)]), [at(ONE, 60), at(TWO, 90)]);
  context.clock.advance(50);
  assert.deepEqual(await phone.asks([at(ONE, 60)]), [at(ONE, 60), at(TWO, 40)]);
  assert.deepEqual(await phone.asks([at(ONE, 0)]), [at(TWO, 40)]);
  assert.deepEqual(await phone.asks([at(TWO, 0), at(ONE, 30)]), [at(ONE, 30)]);
  assert.deepEqual(await phone.asks([at(ONE, 20), at(ONE, 25)]), [at(ONE, 25)], 'said twice: the last word');
  assert.deepEqual(await phone.asks('*'), []);
  assert.deepEqual(await phone.has(), []);
});

onBothDatabases('the flow and the path of each contact are those of its own REGISTER', async ({ store }) => {
  const context = makeContext(store);
  const phone = await aPhone(context);
  const source = { protocol: 'tls', address: '198.51.100.7', port: 41_000 };
  await phone.asks([at(ONE, 60)], { path: '<sip:edge.example;lr>' });
  context.clock.advance(1);
  await phone.asks([at(TWO, 60)], { source });
  const { db } = store;
  const found = await liveRegistrations(db, [phone.deviceId], context.clock.now());
  assert.deepEqual(
    found.map(({ contact, protocol, sourcePort, path }) => [contact, protocol, sourcePort, path]),
    [
      [TWO, 'tls', 41_000, null],
      [ONE, PHONE_SOURCE.protocol, PHONE_SOURCE.port, '<sip:edge.example;lr>'],
    ],
  );
});

onBothDatabases('a REGISTER that was overtaken by a newer one changes nothing at all', async ({ store }) => {
  const context = makeContext(store);
  const phone = await aPhone(context);
  const cseq = (number: number, callId = 'x'): Partial<Registration> => ({ cseq: number, callId });
  await phone.asks([at(ONE, 60)], cseq(11));
  assert.equal(await phone.asks([at(ONE, 90)], cseq(10)), 'overtaken');
  assert.equal(await phone.asks([at(TWO, 90), at(ONE, 0)], cseq(11)), 'overtaken');
  assert.equal(await phone.asks('*', cseq(11)), 'overtaken');
  assert.deepEqual(await phone.has(), [at(ONE, 60)]);
  // Another contact has an order of its own; a phone that restarted counts from the beginning under
  // another Call-ID.
  assert.deepEqual(await phone.asks([at(TWO, 90)], cseq(10)), [at(TWO, 90), at(ONE, 60)]);
  assert.deepEqual(await phone.asks([at(ONE, 50)], cseq(1, 'y')), [at(ONE, 50), at(TWO, 90)]);
  assert.deepEqual(await phone.asks('*', cseq(12)), []);
});

onBothDatabases('a contact that has expired keeps nobody out', async ({ store }) => {
  const context = makeContext(store);
  const phone = await aPhone(context);
  await phone.asks([at(ONE, 60)], { cseq: 11 });
  context.clock.advance(60);
  assert.deepEqual(await phone.asks([at(ONE, 70)], { cseq: 1 }), [at(ONE, 70)]);
  context.clock.advance(71);
  await phone.asks([at(TWO, 60)]);
  const { rows } = await store.db
    .selectFrom('registrations')
    .select('contact')
    .execute()
    .then((found) => ({ rows: found }));
  assert.deepEqual(rows, [{ contact: TWO }], 'what has expired is cleared away');
});

onBothDatabases('beyond eight contacts a new one is let in for the oldest', async ({ store }) => {
  const context = makeContext(store);
  const phone = await aPhone(context);
  for (let number = 1; number <= 10; number++) {
    await phone.asks([at(`sip:phone@192.0.2.${number}`, 300)]);
    context.clock.advance(1);
  }
  const uris = (await phone.has()).map(({ uri }) => uri);
  assert.deepEqual(
    uris,
    [10, 9, 8, 7, 6, 5, 4, 3].map((number) => `sip:phone@192.0.2.${number}`),
  );
});

onBothDatabases(
  'of two REGISTERs for a contact at the same moment the newer one stays',
  async ({ store }) => {
    const context = makeContext(store);
    const phone = await aPhone(context);
    await Promise.all(
      [5, 9, 7, 8, 6].map((cseq) => phone.asks([at(ONE, 100 + cseq)], { callId: 'same', cseq })),
    );
    const [left] = await registrationsOf(store.db, phone.tokenId, context.clock.now());
    assert.equal(left?.cseq, 9);
  },
);
