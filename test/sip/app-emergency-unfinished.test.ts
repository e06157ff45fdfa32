/**
 * Emergency calls that are answered and never come into being: every leg ends, and so does what is
 * told of the call.
 */
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { EmergencyEnd } from '../../src/contract/messages.js';
import { startBench, type Bench } from './app-support/bench.js';
import { startGateway, type Gateway } from './app-support/gateway.js';
import type { PhoneCall } from './app-support/phone-call.js';
import { until } from './app-support/wait.js';

describe('an emergency call that is answered', { concurrency: true }, () => {
  let bench: Bench;
  before(async () => {
    bench = await startBench();
  });
  after(() => bench.close());

  let numbers = 1000;
  /** Dials a number of its own that leads to these users of a gateway of its own. */
  async function dial(
    t: { after(end: () => void): void },
    {
      users = ['112'],
      ...options
    }: { users?: string[]; lateOffer?: true; acknowledges?: false; answer?: string },
  ): Promise<{ call: PhoneCall; gateway: Gateway; end: () => Promise<EmergencyEnd> }> {
    const gateway = await startGateway();
    t.after(() => gateway.close());
    const number = String((numbers += 1));
    bench.internal.emergencies.set(
      number,
      users.map((user) => `sip:${user}@${gateway.address}`),
    );
    const call = await (await bench.phone()).call(number, { login: null, ...options });
    if (options.answer !== undefined) call.lateAnswer = options.answer;
    await call.response();
    const { emergencyEnds } = bench.internal.received;
    const end = (): Promise<EmergencyEnd> =>
      until('report of the end', () => emergencyEnds.find(({ dialled }) => dialled === number));
    return { call, gateway, end };
  }

  const ends = async ({ call, gateway, end }: Awaited<ReturnType<typeof dial>>): Promise<void> => {
    await until('ACK and BYE at the target', () => gateway.acks > 0 && gateway.byes > 0);
    await call.ended();
    assert.equal((await end()).endedBy, 'caller');
  };

  for (const lateOffer of [true, undefined]) {
    test(`and never acknowledged ends at both sides, with${lateOffer ? 'out' : ''} an offer`, async (t) => {
      await ends(await dial(t, { acknowledges: false, ...(lateOffer && { lateOffer }) }));
    });
  }

  for (const answer of ['', 'help', 'v=0\r\n', '<x/>']) {
    test(`and acknowledged with ${JSON.stringify(answer)} instead of an answer ends at both sides`, async (t) => {
      await ends(await dial(t, { lateOffer: true, answer }));
    });
  }

  test('without the offer that it was asked for leads to the next target', async (t) => {
    const { call, gateway } = await dial(t, { users: ['wordless', '112'], lateOffer: true });
    assert.match((await call.answered()).body, new RegExp(`m=audio ${gateway.mediaPort} `));
    await until('BYE to the first', () => gateway.byes > 0);
    await until('ACK to both', () => gateway.acks > 1);
    await call.hangUp();
  });
});
