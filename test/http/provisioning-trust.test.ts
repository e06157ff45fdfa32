/**
 * Trust for a while brings up a site, and leaves nothing that lasts with a stranger behind the same
 * address or during a suspension.
 */
import assert from 'node:assert/strict';
import type { Device } from '../../src/domain/device.js';
import type { Policy } from '../../src/domain/policy.js';
import { parsePrefix } from '../../src/domain/prefix.js';
import { attemptEntry } from '../../src/services/authentication/attempt-entry.js';
import { suspendAuthentication } from '../../src/services/authentication/suspend-authentication.js';
import { addNetwork } from '../../src/services/networks/networks.js';
import { eventsOf, makeDevice, makeTenant, papOf, PHONE_SOURCE, reread } from '../support/fixture.js';
import { ADMIN } from '../support/networks.js';
import { onBothDatabases } from '../support/store.js';
import {
  type Fetched,
  fileOf,
  giveLines,
  nextUrl,
  parameter,
  userOf,
  withProvisioning,
  type World,
} from './provisioning-phones.js';

const HOME = '127.0.0.2';
const ELSEWHERE = '127.0.0.3';
const TRUST_SECONDS = 8 * 3600;

/** A phone as it is unpacked: it asks without a token, and from then on with what it was given. */
class Phone {
  url: string;

  constructor(
    private readonly world: World,
    private readonly device: Device,
    private readonly from = HOME,
  ) {
    this.url = `/${fileOf(device)}`;
  }

  /** Fetches; answers what it shows. A second passes, and what the fetch left behind is written. */
  async fetch(): Promise<string> {
    const { context, fetch, provisioning } = this.world;
    const fetched = await fetch(this.url, { from: this.from });
    this.user = userOfAny(fetched);
    this.url = nextUrl(fetched, this.device);
    await provisioning.flush();
    context.clock.advance(1);
    return parameter(fetched, 'account.1.label');
  }

  user = '';
}

/** The account of a minimal configuration; a full one has lines instead. */
const userOfAny = (fetched: Fetched): string =>
  parameter(fetched, 'account.1.label') === 'Line 1' ? '' : userOf(fetched);

const FULL = 'Line 1';
const MINIMAL = 'Authentication needed';

async function deviceOf({ context }: World, policy: Partial<Policy> = {}): Promise<Device> {
  const device = await makeDevice(context, { tenantId: await makeTenant(context, { policy }) });
  await giveLines(context, device, 1);
  return device;
}

/** What makes everybody who asks from home be served in full for eight hours. */
const TRUSTS = {
  'temporary network': async ({ context }: World, { tenantId }: Device): Promise<void> => {
    const prefix = parsePrefix(HOME);
    assert.ok(prefix !== null && tenantId !== null);
    const input = { prefix, kind: 'temporary', expiresAt: null, label: null, force: false } as const;
    assert.equal((await addNetwork(context, tenantId, input, ADMIN)).kind, 'network');
  },
  suspension: async ({ context }: World, device: Device): Promise<void> => {
    await suspendAuthentication(context, device.mac, ADMIN, { force: true });
  },
};
const POLICY = { suspensionSeconds: TRUST_SECONDS };

async function keyInPap({ context }: World, device: Device, { user }: Phone): Promise<void> {
  const digits = await papOf(context, device);
  const outcome = await attemptEntry(context, 'call', { user, digits, source: PHONE_SOURCE });
  assert.deepEqual(outcome, { kind: 'verdict', verdict: { kind: 'accepted' } });
}

async function stateOf({ context }: World, device: Device): Promise<[string, string | null]> {
  const { authentication, attention } = await reread(context, device);
  return [authentication.state, attention];
}

async function contests({ context }: World, device: Device): Promise<number> {
  const events = await eventsOf(context.store, device);
  return events.filter(({ type }) => type === 'device.contested').length;
}

for (const [name, trust] of Object.entries(TRUSTS)) {
  onBothDatabases(`a phone that alone claims its device keeps what a ${name} gave it`, async ({ store }) => {
    await withProvisioning(store, async (world) => {
      const device = await deviceOf(world, POLICY);
      const before = new Phone(world, device);
      await before.fetch();
      assert.equal(await before.fetch(), MINIMAL);
      await trust(world, device);
      // Three factory resets in a row, the last while it is trusted.
      for (const _ of ['first', 'second']) await new Phone(world, device).fetch();
      const phone = new Phone(world, device);
      assert.deepEqual([await phone.fetch(), await phone.fetch()], [FULL, FULL]);
      assert.deepEqual(await stateOf(world, device), ['successful', null]);
      world.context.clock.advance(TRUST_SECONDS);
      assert.equal(await phone.fetch(), FULL);
    });
  });

  onBothDatabases(
    `a stranger proves nothing by a ${name} on a device whose phone has proved itself`,
    async ({ store }) => {
      await withProvisioning(store, async (world) => {
        const device = await deviceOf(world, { ...POLICY, strict: name === 'suspension' });
        const owner = new Phone(world, device, ELSEWHERE);
        await owner.fetch();
        await keyInPap(world, device, owner);
        assert.equal(await owner.fetch(), FULL);
        await trust(world, device);

        const stranger = new Phone(world, device);
        for (let times = 0; times < 5; times += 1) assert.equal(await stranger.fetch(), FULL);
        assert.equal((await stateOf(world, device))[0], 'successful');
        world.context.clock.advance(TRUST_SECONDS);
        assert.equal(await stranger.fetch(), MINIMAL);
        assert.equal(await owner.fetch(), FULL, 'its phone is not disturbed');
        assert.deepEqual(await stateOf(world, device), ['successful', 'token_missing']);
      });
    },
  );

  onBothDatabases(
    `of two phones that claim a device none proves itself by a ${name}, and the PAP decides`,
    async ({ store }) => {
      await withProvisioning(store, async (world) => {
        const device = await deviceOf(world, POLICY);
        const [owner, stranger] = [new Phone(world, device), new Phone(world, device)];
        for (let times = 0; times < 2; times += 1)
          for (const phone of [owner, stranger]) assert.equal(await phone.fetch(), MINIMAL);
        await trust(world, device);
        for (let times = 0; times < 3; times += 1)
          for (const phone of [stranger, owner]) assert.equal(await phone.fetch(), FULL);
        assert.deepEqual(await stateOf(world, device), ['needed', 'contested']);
        assert.ok((await contests(world, device)) >= 1);

        world.context.clock.advance(TRUST_SECONDS);
        assert.deepEqual([await stranger.fetch(), await owner.fetch()], [MINIMAL, MINIMAL]);
        await keyInPap(world, device, owner);
        assert.equal(await owner.fetch(), FULL);
        // Whom the PAP makes trusted as well, behind the same address, is so for a while.
        for (let times = 0; times < 3; times += 1) await stranger.fetch();
        world.context.clock.advance(TRUST_SECONDS);
        assert.deepEqual([await stranger.fetch(), await owner.fetch()], [MINIMAL, FULL]);
      });
    },
  );

  onBothDatabases(
    `what the faster of two phones proved by a ${name} ends with it, and the PAP decides`,
    async ({ store }) => {
      await withProvisioning(store, async (world) => {
        const device = await deviceOf(world, POLICY);
        await trust(world, device);
        const stranger = new Phone(world, device);
        await stranger.fetch();
        assert.equal(await stranger.fetch(), FULL);
        assert.deepEqual(await stateOf(world, device), ['successful', null]);

        const owner = new Phone(world, device);
        assert.deepEqual([await owner.fetch(), await owner.fetch()], [FULL, FULL]);
        assert.deepEqual(await stateOf(world, device), ['needed', 'contested']);
        assert.equal(await stranger.fetch(), FULL, 'for as long as the trust lasts');
        assert.deepEqual(await stateOf(world, device), ['needed', 'contested'], 'which proves nothing more');
        const needed = (await eventsOf(store, device)).filter(({ type }) => type === 'device.needed');
        assert.deepEqual(
          needed.map(({ data }) => data),
          [{ because: 'contested' }],
        );

        world.context.clock.advance(TRUST_SECONDS);
        assert.deepEqual([await stranger.fetch(), await owner.fetch()], [MINIMAL, MINIMAL]);
        await keyInPap(world, device, owner);
        assert.equal(await owner.fetch(), FULL);
        // Whom the PAP makes trusted as well, behind the same address, is so for a while.
        for (let times = 0; times < 3; times += 1) await stranger.fetch();
        world.context.clock.advance(TRUST_SECONDS);
        assert.deepEqual([await stranger.fetch(), await owner.fetch()], [MINIMAL, FULL]);
      });
    },
  );

  onBothDatabases(
    `what a phone proved by a ${name} is not taken back by a later one, in which a stranger comes`,
    async ({ store }) => {
      await withProvisioning(store, async (world) => {
        const device = await deviceOf(world, POLICY);
        await trust(world, device);
        const owner = new Phone(world, device);
        assert.deepEqual([await owner.fetch(), await owner.fetch()], [FULL, FULL]);
        assert.deepEqual(await stateOf(world, device), ['successful', null]);
        world.context.clock.advance(TRUST_SECONDS);
        assert.equal(await owner.fetch(), FULL);

        await trust(world, device);
        const stranger = new Phone(world, device);
        for (let times = 0; times < 3; times += 1) assert.equal(await stranger.fetch(), FULL);
        assert.equal((await stateOf(world, device))[0], 'successful');
        world.context.clock.advance(TRUST_SECONDS);
        assert.deepEqual([await stranger.fetch(), await owner.fetch()], [MINIMAL, FULL]);
      });
    },
  );
}

onBothDatabases(
  'under strict a suspension of a contested device proves nobody, whoever polls fastest',
  async ({ store }) => {
    await withProvisioning(store, async (world) => {
      const device = await deviceOf(world, { ...POLICY, strict: true });
      const owner = new Phone(world, device);
      await owner.fetch();
      const stranger = new Phone(world, device, ELSEWHERE);
      await stranger.fetch();
      assert.deepEqual(await stateOf(world, device), ['needed', 'contested']);
      await TRUSTS.suspension(world, device);
      for (let times = 0; times < 4; times += 1) assert.equal(await stranger.fetch(), FULL);
      assert.equal(await owner.fetch(), FULL);
      world.context.clock.advance(TRUST_SECONDS);
      assert.deepEqual([await stranger.fetch(), await owner.fetch()], [MINIMAL, MINIMAL]);
      assert.equal((await stateOf(world, device))[0], 'needed');
      await keyInPap(world, device, owner);
      assert.deepEqual([await stranger.fetch(), await owner.fetch()], [MINIMAL, FULL]);
    });
  },
);
