/**
 * Emergency calls while the database cannot be used: it hangs, or is gone. What became of them is
 * in the audit log afterwards.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { SimulatedPhone } from '../../softphone/phone.js';
import { Gate } from '../support/gate.js';
import { Gateway } from '../support/gateway.js';
import { registeredPhone } from '../support/phones.js';
import { type Postgres, startPostgres } from '../support/postgres.js';
import { Service } from '../support/service.js';
import { until } from '../support/wait-for.js';

const MAC = '805ec0aabb03';

describe('an emergency call without a database', async () => {
  const postgres: Postgres = await startPostgres();
  const skip = postgres.kind === 'unavailable' ? postgres.reason : false;
  let gate: Gate;
  let ofSite: Gateway;
  let ofAll: Gateway;
  let service: Service;
  before(async () => {
    if (postgres.kind === 'unavailable') return;
    const url = new URL(await postgres.createDatabase());
    gate = await Gate.to(url.hostname, Number(url.port));
    [ofSite, ofAll] = [await Gateway.start(), await Gateway.start()];
    url.port = String(gate.port);
    service = await Service.launch({ env: { DATABASE_URL: url.href, EMERGENCY_ROUTE: ofAll.route } });
  });
  after(async () => {
    if (postgres.kind === 'unavailable') return;
    await service.kill();
    await Promise.all([gate.close(), ofSite.close(), ofAll.close()]);
    await postgres.stop();
  });

  async function phoneAtSite(t: TestContext): Promise<SimulatedPhone> {
    const { id: tenantId } = await service.api.need('POST', '/tenants', { name: 'Example Ltd' });
    const { id: siteId } = await service.api.need('POST', `/tenants/${tenantId}/sites`, {
      name: 'Wien',
      emergencyRoute: ofSite.route,
      emergencyNumbers: ['144'],
      emergencyCallerNumber: '+43123456',
    });
    await service.api.need('POST', '/devices', { mac: MAC, vendor: 'yealink', tenantId, siteId });
    return registeredPhone(t, service, { macHex: MAC });
  }

  it(
    'goes where the site has it go, as its caller; of a phone that has not registered, where the installation has',
    { skip },
    async (t) => {
      const phone = await phoneAtSite(t);
      const dial = async (number: string, gateway: Gateway): Promise<string> => {
        const known = gateway.calls.length;
        const call = await phone.call(number);
        assert.deepEqual(await call.answer, { kind: 'answered' });
        const arrived = await until(() =>
          gateway.calls.slice(known).find(({ uri }) => uri.includes(`sip:${number}@`)),
        );
        await call.hangUp();
        return arrived.from;
      };
      const begunAt = Date.now();
      gate.hang();
      assert.match(await dial('144', ofSite), /^"Example Ltd, Wien" <sip:\+43123456@/);
      gate.cut();
      assert.match(await dial('144', ofSite), /^"Example Ltd, Wien" <sip:\+43123456@/);
      phone.setup = { ...phone.setup!, accounts: [{ ...phone.setup!.accounts[0]!, user: 'stranger' }] };
      await dial('911', ofAll);

      const endedAt = Date.now();
      gate.mend();
      const events = await until(
        async () => {
          const { items } = await service.api
            .need('GET', '/events?type=call.emergency')
            .catch(() => ({ items: [] }));
          return items.length === 3 ? items : null;
        },
        { within: 60_000, what: 'three calls in the audit log' },
      );
      const written = events.map(
        ({ at, mac, data }: { at: string; mac: string; data: { dialled: string } }) => {
          assert.ok(Date.parse(at) >= begunAt && Date.parse(at) <= endedAt, 'dated when it was made');
          return `${data.dialled} by ${mac}`;
        },
      );
      const mac = '80:5e:c0:aa:bb:03';
      assert.deepEqual(written.toSorted(), [`144 by ${mac}`, `144 by ${mac}`, '911 by null']);
    },
  );
});
