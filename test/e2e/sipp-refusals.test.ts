import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { endsWithNothingLeft } from '../support/nothing-left.js';
import { Service } from '../support/service.js';
import { Sipp, sippUnavailable } from '../support/sipp.js';
import { unpackPhone } from '../support/unpacked-phone.js';

describe('SIPp is refused', { skip: sippUnavailable() ?? false }, () => {
  let service: Service;
  before(async () => {
    service = await Service.launch();
  });
  after(() => endsWithNothingLeft(service));

  it('with a wrong password; and cannot tell from it whether there is such a user', async (t) => {
    const { account, macHex } = await unpackPhone(t, service);
    const known = await answersTo(t, { user: account.user, password: 'wrong' });
    // A name of the same make that no account has.
    const user = account.user.replace(/.$/, (last) => (last === 'x' ? 'y' : 'x'));
    const unknown = await answersTo(t, { user, password: account.password });
    assert.deepEqual(
      known.map((answer) => answer.split('\n', 1)[0]),
      [
        'SIP/2.0 401 Unauthorized',
        'SIP/2.0 403 Forbidden',
        'SIP/2.0 401 Unauthorized',
        'SIP/2.0 403 Forbidden',
      ],
    );
    assert.deepEqual(unknown, known);
    assert.equal((await service.api.device(macHex)).registered, false);
    assert.deepEqual(await service.api.events(macHex, 'call.authentication'), []);
  });

  it('with 488 when its offer has no audio', async (t) => {
    const { account } = await unpackPhone(t, service);
    const scenario = 'is-answered-488-without-audio';
    const sipp = await Sipp.start(t, { scenario, remote: service.sip, account, dialled: '*89' });
    await sipp.succeeds();
  });

  it('nothing but calls: OPTIONS is answered with 200', async (t) => {
    const sipp = await Sipp.start(t, { scenario: 'is-answered-200-to-options', remote: service.sip });
    await sipp.succeeds();
  });

  /**
   * What a REGISTER and a call are answered, without what differs by chance and without the user's
   * name.
   */
  async function answersTo(t: TestContext, account: { user: string; password: string }): Promise<string[]> {
    const scenario = 'is-refused-with-wrong-credentials';
    const sipp = await Sipp.start(t, { scenario, remote: service.sip, account, dialled: '*89' });
    await sipp.succeeds();
    return sipp.received
      .filter((message) => !message.startsWith('SIP/2.0 100'))
      .map((message) =>
        message
          .replaceAll(account.user, 'USER')
          .replaceAll(/\r/g, '')
          .replaceAll(/^(Via|Call-ID|Date):.*$/gim, '$1')
          .replaceAll(/\b(tag=|nonce=)[^\s;,]+/g, '$1'),
      );
  }
});
