import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { Baresip, baresipUnavailable } from '../support/baresip.js';
import { makeCertificate } from '../support/certificate.js';
import { freePort } from '../support/free-port.js';
import { endsWithNothingLeft } from '../support/nothing-left.js';
import { authenticate, nextConfiguration, registeredPhone } from '../support/phones.js';
import { Service } from '../support/service.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { unpackPhone } from '../support/unpacked-phone.js';
import { until } from '../support/wait-for.js';

const engines =
  process.env['DRACHTIO_HOST'] === undefined ? false : 'the ports are the drachtio-server’s affair';

describe('SIP over TLS', { skip: engines, concurrency: 2 }, () => {
  const identity = makeCertificate();
  let service: Service;
  before(async () => {
    const folder = temporaryFolder();
    const [SIP_TLS_CERT, SIP_TLS_KEY] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    writeFileSync(SIP_TLS_CERT, identity.certificate);
    writeFileSync(SIP_TLS_KEY, identity.key);
    service = await Service.launch({
      env: { SIP_TRANSPORT: 'tls', SIP_TLS_PORT: '0', SIP_TLS_CERT, SIP_TLS_KEY },
    });
  });
  after(() => endsWithNothingLeft(service));

  it('takes a phone to its lines', async (t) => {
    const created = await service.api.createPhone();
    const trustedRoots = identity.certificate;
    const phone = await registeredPhone(t, service, created, 'yealink', { trustedRoots });
    assert.equal(phone.setup?.accounts[0]?.transport, 'tls');
    const notified = once(phone, 'notify', { signal: AbortSignal.timeout(60_000) });
    const provisioned = nextConfiguration(phone, 60_000);
    await authenticate(phone, created.pap);
    await notified;
    assert.equal(await provisioned, created.line.label);
    assert.doesNotMatch(service.log, /phones may refuse/);
  });

  it('is spoken with baresip too', { skip: baresipUnavailable() ?? false }, async (t) => {
    const { account, pap, macHex } = await unpackPhone(t, service);
    const baresip = await Baresip.start(t);
    await baresip.register(account);
    await baresip.call(`sip:*89@${account.host}:${account.port};transport=tls`);
    await baresip.saw('CALL_RTPESTAB');
    await baresip.key(`${pap}#`);
    await baresip.saw('CALL_CLOSED');
    assert.equal((await service.api.device(macHex)).state, 'successful');
    const failed = await until(async () => (await service.api.events(macHex, 'resync.failed'))[0], {
      within: 60_000,
      what: 'the NOTIFY to be answered, though only to say that it is not understood',
    });
    assert.equal(failed.data.status, 481);
  });
});

it('reaches a phone after kill -9 and a restart where it registered before', { skip: engines }, async (t) => {
  const env = { SIP_PORT: String(await freePort()) };
  const first = await Service.start(t, { env });
  const created = await first.api.createPhone();
  const phone = await registeredPhone(t, first, created);
  first.process.kill('SIGKILL');
  await once(first.process, 'exit');

  const second = await Service.start(t, { dataDir: first.dataDir, env });
  assert.equal((await second.api.device(created.macHex)).registered, true);
  const notified = once(phone, 'notify', { signal: AbortSignal.timeout(60_000) });
  await second.api.need('POST', `/devices/${created.macHex}/resync`);
  const [event] = (await notified) as [string];
  assert.match(event, /^check-sync/);
});
