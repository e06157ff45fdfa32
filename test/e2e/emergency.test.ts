import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { bindRtpSocket } from '../../telephony/media/rtp-port-pool.js';
import { writeOffer } from '../../telephony/media/sdp-writing.js';
import { SipTransport } from '../../telephony/sip/transport.js';
import { UserAgent } from '../../telephony/sip/user-agent.js';
import type { SimulatedPhone } from '../../softphone/phone.js';
import { type CreatedPhone, wrongPap } from '../support/admin-api.js';
import { Gateway } from '../support/gateway.js';
import { registeredPhone, shows, tryPap } from '../support/phones.js';
import { Service } from '../support/service.js';
import { until } from '../support/wait-for.js';

describe('an emergency call', { concurrency: true }, () => {
  let service: Service;
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start();
    service = await Service.launch({ env: { EMERGENCY_ROUTE: gateway.route } });
  });
  after(async () => {
    await service.kill();
    await gateway.close();
  });

  /** Dials 112 and expects to be connected to a gateway, and that hanging up reaches it. */
  async function expectConnected(phone: SimulatedPhone, dialled = '112', to = gateway): Promise<void> {
    const known = to.calls.length;
    const call = await phone.call(dialled);
    assert.deepEqual(await call.answer, { kind: 'answered' });
    const arrived = await until(() =>
      to.calls.slice(known).find((one) => one.uri.includes(`sip:${dialled}@`)),
    );
    await call.hangUp();
    assert.equal((await arrived.session.ended).by, 'remote', 'BYE reaches the gateway');
  }

  const STATES: Readonly<Record<string, (phone: SimulatedPhone, created: CreatedPhone) => Promise<void>>> = {
    needed: async () => {},
    failed: async (phone, created) => {
      await tryPap(phone, wrongPap(created.pap));
      assert.equal((await service.api.device(created.macHex)).state, 'failed');
    },
    blocked: async (phone, created) => {
      await service.api.patch(`/tenants/${created.tenantId}`, { policy: { maxLockouts: 1 } });
      await tryPap(phone, wrongPap(created.pap));
      assert.equal((await service.api.device(created.macHex)).state, 'blocked');
    },
    suspended: async (_phone, created) => {
      await service.api.need('POST', `/devices/${created.macHex}/suspend-authentication`);
    },
    reset: async (_phone, created) => {
      // Its token is revoked and its account worth nothing: the call goes through all the same.
      await service.api.need('POST', `/devices/${created.macHex}/reset-authentication`);
    },
  };

  for (const [state, reach] of Object.entries(STATES)) {
    it(`is connected in the state ${state}`, async (t) => {
      const created = await service.api.createPhone({ policy: { maxAttempts: 1 } });
      const phone = await registeredPhone(t, service, created);
      // The account that it has stays as it is, whatever it is told to fetch.
      phone.provision = () => Promise.resolve(true);
      await reach(phone, created);
      await expectConnected(phone);
      const [event] = await until(async () =>
        nonEmpty(await service.api.events(created.macHex, 'call.emergency')),
      );
      assert.equal(event.data.dialled, '112');
    });
  }

  it('is connected in the state successful, from a phone that is not the one which proved itself', async (t) => {
    const created = await service.api.createPhone({ policy: { strict: true } });
    const owner = await registeredPhone(t, service, created);
    const stranger = await registeredPhone(t, service, created);
    await tryPap(owner, created.pap);
    assert.ok(await shows(owner, created.line.label, 30_000));
    await expectConnected(stranger);
  });

  it('is connected to the route of the site, with the numbers of the site, as its caller; and it is written what happened', async (t) => {
    const own = await Gateway.start();
    t.after(() => own.close());
    const { id: tenantId } = await service.api.need('POST', '/tenants', { name: 'Example Ltd' });
    const site = await service.api.need('POST', `/tenants/${tenantId}/sites`, {
      name: 'Wien',
      emergencyRoute: ['sip:127.0.0.1:9', own.route],
      emergencyNumbers: ['144'],
      emergencyCallerNumber: '+431234567',
    });
    const mac = '805ec0aabb02';
    await service.api.need('POST', '/devices', { mac, vendor: 'yealink', tenantId, siteId: site.id });
    const phone = await registeredPhone(t, service, { macHex: mac });
    await expectConnected(phone, '144', own);
    assert.match(own.calls[0]?.from ?? '', /^"Example Ltd, Wien" <sip:\+431234567@/);
    const [ended] = await until(async () => nonEmpty(await service.api.events(mac, 'call.emergency_ended')));
    const [{ data }] = await service.api.events(mac, 'call.emergency');
    const target = own.route.replace('sip:', 'sip:144@');
    assert.equal(data.target, target);
    assert.deepEqual(
      data.tried.map((one: { target: string }) => one.target),
      ['sip:144@127.0.0.1:9'],
    );
    assert.deepEqual(ended.data, {
      call: data.call,
      dialled: '144',
      target,
      endedBy: 'caller',
      seconds: ended.data.seconds,
    });
    // 112 is none of this site's numbers: it is answered by the authentication service.
    const call = await phone.call('112');
    assert.deepEqual(await call.answer, { kind: 'answered' });
    assert.ok(await call.untilHeard('enter-pin-6', 20_000));
    await call.hangUp();
  });

  it('is connected from a phone that is not registered, with no or with wrong credentials', async (t) => {
    for (const credentials of [undefined, { username: 'nobody', password: 'wrong' }]) {
      const known = gateway.calls.length;
      const outcome = await callAsStranger(t, service, '911', credentials);
      assert.equal(outcome, 'established');
      await until(() => gateway.calls.slice(known).find((call) => call.uri.includes('sip:911@')));
    }
  });

  it('is one only when the number matches exactly', async (t) => {
    const outcome = await callAsStranger(t, service, '0911', undefined);
    assert.equal(outcome, 401);
  });
});

/**
 * Calls without an account of ours; answers `established` or the final status. The call is ended.
 */
async function callAsStranger(
  t: TestContext,
  service: Service,
  dialled: string,
  credentials: { username: string; password: string } | undefined,
): Promise<'established' | number> {
  const transport = await SipTransport.bind({ host: '127.0.0.1', port: 0 });
  const socket = await bindRtpSocket('127.0.0.1');
  const userAgent = new UserAgent({ transport });
  t.after(async () => {
    userAgent.close();
    socket.close();
    await transport.close();
  });
  const outcome = await userAgent.invite({
    uri: `sip:${dialled}@${service.sip.host}:${service.sip.port}`,
    from: '<sip:nobody@127.0.0.1>',
    headers: { 'Content-Type': 'application/sdp' },
    body: writeOffer({ rtp: socket.address(), sessionId: 1, sessionVersion: 1 }, ['PCMA']),
    ...(credentials !== undefined && { credentials }),
  }).outcome;
  if (outcome.kind === 'rejected') return outcome.response.status;
  await outcome.session.bye();
  return 'established';
}

function nonEmpty<T>(list: T[]): T[] | null {
  return list.length > 0 ? list : null;
}
