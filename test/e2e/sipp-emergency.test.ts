import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { freePort } from '../support/free-port.js';
import { endsWithNothingLeft } from '../support/nothing-left.js';
import { Service } from '../support/service.js';
import { Sipp, sippUnavailable } from '../support/sipp.js';
import { unpackPhone } from '../support/unpacked-phone.js';
import { until } from '../support/wait-for.js';

/** The header of a caller without credentials (RFC 3261 20.26). */
const NO_CREDENTIALS = 'Priority: emergency';

describe('SIPp calls 112, with SIPp as the gateway', { skip: sippUnavailable() ?? false }, () => {
  let service: Service;
  let gatewayPort: number;
  before(async () => {
    gatewayPort = await freePort();
    service = await Service.launch({ env: { EMERGENCY_ROUTE: `sip:127.0.0.1:${gatewayPort}` } });
  });
  after(() => endsWithNothingLeft(service));

  it('unregistered, as nobody the service knows: it is connected, and can hang up', async (t) => {
    const gateway = await Sipp.start(t, { scenario: 'takes-112-and-is-hung-up-on', port: gatewayPort });
    const caller = await dial(t, 'is-connected-to-112-until-it-hangs-up');
    await caller.pass('connected');
    await caller.succeeds();
    await gateway.succeeds();
    await until(async () => (await service.api.need('GET', '/events?type=call.emergency')).items.length > 0);
  });

  it('unregistered, and the gateway hangs up', async (t) => {
    const gateway = await Sipp.start(t, { scenario: 'takes-112-and-hangs-up', port: gatewayPort });
    const caller = await dial(t, 'is-connected-to-112-until-hung-up-on');
    await caller.succeeds();
    await gateway.succeeds();
  });

  it('with credentials that are wrong, and is known by the name in them', async (t) => {
    const { account, macHex } = await unpackPhone(t, service);
    const gateway = await Sipp.start(t, { scenario: 'takes-112-and-hangs-up', port: gatewayPort });
    const caller = await dial(t, 'is-connected-to-112-until-hung-up-on', {
      user: account.user,
      credentials: wrongCredentials(account.user),
    });
    await caller.succeeds();
    await gateway.succeeds();
    const [event] = await until(async () => {
      const events = await service.api.events(macHex, 'call.emergency');
      return events.length > 0 ? events : null;
    });
    assert.equal(event.data.dialled, '112');
    assert.equal(event.data.outcome, 'connected');
  });

  it('and gives up while it rings there: so does the gateway', async (t) => {
    const gateway = await Sipp.start(t, { scenario: 'rings-until-112-is-cancelled', port: gatewayPort });
    const caller = await dial(t, 'cancels-112-while-it-rings');
    await caller.pass('ringing');
    await caller.succeeds();
    await gateway.succeeds();
  });

  function dial(
    t: TestContext,
    scenario: string,
    values = { user: 'nobody', credentials: NO_CREDENTIALS },
  ): Promise<Sipp> {
    return Sipp.start(t, { scenario, remote: service.sip, dialled: '112', values });
  }
});

function wrongCredentials(user: string): string {
  const response = '0'.repeat(32);
  return `Authorization: Digest username="${user}", realm="127.0.0.1", nonce="0", uri="sip:112@127.0.0.1", response="${response}"`;
}
