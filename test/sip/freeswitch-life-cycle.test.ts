import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { bindRtpSocket } from '../../telephony/media/rtp-port-pool.js';
import { RtpStream } from '../../telephony/media/rtp.js';
import { until } from '../support/wait-for.js';
import { TestPhone } from './freeswitch-phone.js';
import { HOST, startRig } from './freeswitch-rig.js';
import type { Rig } from './freeswitch-rig.js';

const sessionsOf = async (rig: Rig): Promise<number> =>
  Number(/^(\d+) session\(s\)$/m.exec(await rig.ms.api('status'))?.[1]);

describe('a call', () => {
  let rig: Rig;
  before(async () => {
    rig = await startRig({ maxSessions: 3 });
  });
  after(() => rig.close());

  test('ends by the application: BYE, and no trace is left', async () => {
    const { endpoint } = await rig.call();
    assert.equal(await sessionsOf(rig), 1);
    await endpoint.destroy();
    assert.equal(await sessionsOf(rig), 0);
    assert.equal(endpoint.connected, false);
  });

  test('ends by a BYE to the media server: the endpoint is told why', async () => {
    const { endpoint } = await rig.call();
    const reasons: unknown[] = [];
    endpoint.on('destroy', (event) => reasons.push(event?.['reason']));
    await endpoint.dialog.destroy();
    await until(() => reasons.length > 0);
    assert.deepEqual(reasons, ['NORMAL_CLEARING']);
    assert.equal(await sessionsOf(rig), 0);
  });

  test('ends by uuid_kill with a cause', async () => {
    const { endpoint } = await rig.call();
    const reason = new Promise((resolve) => endpoint.on('destroy', (event) => resolve(event?.['reason'])));
    assert.equal(await rig.ms.api(`uuid_kill ${endpoint.uuid} USER_BUSY`), '+OK\n');
    assert.equal(await reason, 'USER_BUSY');
  });

  test('that ends while something plays or collects settles it as a success', async () => {
    const first = await rig.call();
    const playing = first.endpoint.play(rig.sound('long', 10_000));
    await until(() => first.phone.countOf(1000) > 2);
    await first.endpoint.dialog.destroy();
    assert.equal((await playing)['playbackSeconds'], '2');
    const second = await rig.call();
    const collecting = second.endpoint.playCollect({ file: 'silence', min: 1, max: 4 });
    await second.phone.key('12');
    await second.endpoint.dialog.destroy();
    await collecting;
    await until(async () => (await sessionsOf(rig)) === 0);
  });

  test('beyond the number of sessions is refused with 503', async () => {
    const calls = [await rig.call(), await rig.call(), await rig.call()];
    await assert.rejects(rig.call(), /refused: 503/);
    await Promise.all(calls.map(({ endpoint }) => endpoint.destroy()));
    await (await rig.call()).endpoint.destroy();
  });

  test('without a common codec or without audio is refused with 488', async () => {
    const phone = await TestPhone.open();
    const uri = `sip:ivr@${rig.ms.sip.ipv4.udp.address}`;
    const headers = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n';
    await assert.rejects(rig.ms.createEndpoint({ remoteSdp: `${headers}m=audio 4000 RTP/AVP 18\r\n` }), {
      status: 488,
    });
    await assert.rejects(rig.ms.createEndpoint({ remoteSdp: `${headers}m=video 4000 RTP/AVP 96\r\n` }), {
      status: 488,
    });
    await assert.rejects(phone.call(uri), /refused: 404/, 'only media clients are let in');
    await phone.close();
  });

  test('may begin without an offer and get its media by a re-INVITE', async () => {
    const endpoint = await rig.ms.createEndpoint();
    assert.match(endpoint.local.sdp, /m=audio \d+ RTP\/AVP 0 8 101/);
    const phone = await TestPhone.open({ codec: 'PCMA' });
    await endpoint.modify(phone.offer);
    assert.match(endpoint.local.sdp, /m=audio \d+ RTP\/AVP 8 101/);
    await endpoint.play(rig.sound('late', 200));
    await until(() => phone.countOf(1000) === 10);
    await endpoint.destroy();
    await phone.close();
  });

  test('on hold is sent nothing, and resumes, in each way of saying so', async () => {
    const { endpoint, phone } = await rig.call();
    await until(() => phone.heard.length > 3);
    for (const [said, held] of [
      ['a=sendrecv', 'a=sendonly'],
      ['a=sendrecv', 'a=inactive'],
      ['c=IN IP4 127.0.0.1', 'c=IN IP4 0.0.0.0'],
    ] as const) {
      await endpoint.modify(phone.offer.replace(said, held));
      const heardBefore = phone.heard.length;
      await endpoint.play(rig.sound('unheard', 200));
      assert.ok(phone.heard.length - heardBefore <= 1, held);
      await endpoint.modify(phone.offer);
      assert.match(endpoint.local.sdp, /a=sendrecv/);
      await until(() => phone.heard.length > heardBefore + 3);
    }
    await endpoint.destroy();
  });

  test('is not disturbed by a stranger with RTP of his own', async () => {
    const { endpoint, phone, keys } = await rig.call();
    const stranger = await bindRtpSocket(HOST);
    let overheard = 0;
    stranger.on('message', () => overheard++);
    await until(() => phone.heard.length > 3);
    const stream = new RtpStream();
    for (let i = 0; i < 10; i++) {
      const event = Buffer.from([1, i > 6 ? 0x8a : 0x0a, 3, 0x20]);
      stranger.send(Buffer.from(stream.pack(101, false, event)), Number(endpoint.local.mediaPort), HOST);
      stranger.send(Buffer.from(`garbage ${i}`), Number(endpoint.local.mediaPort), HOST);
    }
    await phone.key('5');
    await until(() => keys.length > 0);
    assert.deepEqual(
      keys.map(({ dtmf }) => dtmf),
      ['5'],
    );
    assert.equal(overheard, 0);
    stranger.close();
    const statistics = await endpoint.getChannelVariables(true);
    assert.equal(statistics['variable_rtp_audio_in_skip_packet_count'], 10);
    await endpoint.destroy();
  });

  test('with a file name that has a blank in it goes astray as for real: the application loses it, and it ends', async () => {
    const { endpoint } = await rig.call();
    const reason = new Promise((resolve) => endpoint.on('destroy', (event) => resolve(event?.['reason'])));
    void endpoint.playCollect({ file: '/tmp/two words.wav', min: 1, max: 2, timeout: 1000 });
    assert.equal(await reason, undefined, 'fsmrf has lost its connection');
    await until(async () => (await sessionsOf(rig)) === 0);
  });

  test('asked to do what nobody knows is ended', async () => {
    const { endpoint } = await rig.call();
    const reason = new Promise((resolve) => endpoint.on('destroy', (event) => resolve(event?.['reason'])));
    void endpoint.execute('no_such_application', '');
    assert.equal(await reason, 'DESTINATION_OUT_OF_ORDER');
  });
});

test('a caller of whom nothing is heard is ended after the media timeout', async () => {
  const rig = await startRig({ mediaTimeoutMs: 1500 });
  const talking = await rig.call();
  const holding = await rig.call({ mute: true });
  await holding.endpoint.modify(holding.phone.offer.replace('c=IN IP4 127.0.0.1', 'c=IN IP4 0.0.0.0'));
  const { endpoint } = await rig.call({ mute: true });
  assert.equal(
    await new Promise((resolve) => endpoint.on('destroy', (event) => resolve(event?.['reason']))),
    'MEDIA_TIMEOUT',
  );
  assert.deepEqual([talking.endpoint.connected, holding.endpoint.connected], [true, true]);
  await rig.close();
});

test('without a free RTP port a call is refused with 503', async () => {
  const rig = await startRig({ rtpPorts: { from: 1, to: 1 } });
  await assert.rejects(rig.call(), /refused: 503/);
  await rig.close();
});

test('closing the server ends its calls with BYE', async () => {
  const rig = await startRig();
  const { endpoint } = await rig.call();
  const reason = new Promise((resolve) => endpoint.on('destroy', (event) => resolve(event?.['reason'])));
  await rig.close();
  assert.equal(await reason, 'MANAGER_REQUEST');
});
