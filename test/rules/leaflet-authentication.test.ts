/**
 * Leaflet, "Authentication Mode" and what it says of phones without authentication: on a whole
 * service, by phones and their calls.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type CreatedPhone, randomMacHex } from '../support/admin-api.js';
import {
  authenticate,
  callService,
  hearFirst,
  keyIn,
  nextConfiguration,
  plugIn,
  registeredPhone,
  shows,
  tryPap,
} from '../support/phones.js';
import { TurnedService } from '../support/turned-service.js';

const NEEDED = 'Authentication needed';
const SOON_MS = 60_000;
const FAMILIES = ['yealink', 'snom'] as const;

let service: TurnedService;
before(async () => {
  service = await TurnedService.launch({ env: { GUESSES_PER_SOURCE_PER_HOUR: '1000' } });
});
after(() => service.stop());

/** The file that a phone which was just unpacked is given, as it stands. */
async function firstFile({ macHex }: CreatedPhone): Promise<string> {
  const answer = await fetch(`${service.facts.provisioningUrl}/${macHex}.cfg`);
  assert.equal(answer.status, 200);
  return answer.text();
}

describe('a phone that waits', { concurrency: true }, () => {
  it('leaflet: "Once the certified device is connected to the network and powered up, it will only receive minimal configuration from the NFON provisioning service."', async (t) => {
    for (const vendor of FAMILIES) {
      const created = await service.api.createPhone({ vendor });
      const phone = await plugIn(t, service, created, vendor);
      await phone.provision();
      const { accounts } = phone.setup ?? { accounts: [] };
      assert.equal(accounts.length, 1, vendor);
      assert.ok(!accounts.some(({ user }) => user === created.line.sipUser), 'an account of its own');
    }
    const created = await service.api.createPhone();
    const file = await firstFile(created);
    for (const secret of [created.line.sipUser, created.line.password, created.line.registrar, created.pap]) {
      assert.ok(!file.includes(secret), 'nothing of the full one is in it');
    }
  });

  for (const vendor of FAMILIES) {
    it(`leaflet: "A visual indication stating "authentication needed" will be shown on the device display." (${vendor})`, async (t) => {
      const created = await service.api.createPhone({ vendor });
      const phone = await plugIn(t, service, created, vendor);
      await phone.provision();
      assert.equal(phone.setup?.display, NEEDED);
    });
  }

  it('leaflet: "In order to fully authenticate the device, users will need to dial *89, which will initiate a call to the authentication service."', async (t) => {
    const created = await service.api.createPhone();
    const phone = await registeredPhone(t, service, created);
    assert.equal(await hearFirst(phone, '*89'), 'enter-pin-6');
  });

  it('leaflet: "A voice prompt will guide the user through the process and request them to enter the PAP, followed by the hash key (#)."', async (t) => {
    const created = await service.api.createPhone();
    const phone = await registeredPhone(t, service, created);
    assert.deepEqual(await authenticate(phone, created.pap), ['enter-pin-6', 'authenticated', 'goodbye']);
  });

  it('leaflet: "Calls to any other destination (internal or external, except for emergency numbers) will be intercepted and redirected to the authentication service."', async (t) => {
    const created = await service.api.createPhone();
    const phone = await registeredPhone(t, service, created);
    for (const dialled of ['201', '00498912345678', '+498912345678', 'anna', '*97']) {
      assert.equal(await hearFirst(phone, dialled), 'enter-pin-6', dialled);
    }
    const heard = await keyIn(await callService(phone, '201'), created.pap);
    assert.ok(heard.includes('authenticated'), 'and the PAP can be keyed in there');
  });

  it('leaflet: "But without a valid authentication, the device willl be unable to make or receive phone calls, except for emergency numbers and the authentication service."', async (t) => {
    const [caller, called] = [await service.api.createPhone(), await service.api.createPhone()];
    const phone = await registeredPhone(t, service, caller);
    const other = await registeredPhone(t, service, called);
    const user = other.setup?.accounts[0]?.user ?? '';
    assert.equal(await hearFirst(phone, user), 'enter-pin-6', 'not even from one to the other');
  });

  it('leaflet: "Where supported by the device, simply picking up the handset will automatically initiate the call to the authentication service."', async () => {
    const created = await service.api.createPhone();
    const file = await firstFile(created);
    assert.match(file, /^features\.hotline_number = \*89$/m);
    // Not at once: a user who lifts the handset to dial 112 needs time for it.
    assert.match(file, /^features\.hotline_delay = [23]$/m);
  });

  it('leaflet: "As soon as the device has been successfully authenticated using the PAP, the call will be terminated and the device will receive its full configuration from the NFON provisioning service."', async (t) => {
    const created = await service.api.createPhone();
    const phone = await registeredPhone(t, service, created);
    const provisioned = nextConfiguration(phone, SOON_MS);
    const call = await callService(phone);
    await call.press(`${created.pap}#`);
    assert.equal(await call.ended, 'service', 'the service hangs up');
    assert.equal(await provisioned, created.line.label);
  });

  it('leaflet: "The device has already completed two-factor authentication using PAP  has not been reset to factory default settings, or has not lost its configuration;"', async (t) => {
    const created = await service.api.createPhone({ policy: { strict: true } });
    const phone = await registeredPhone(t, service, created);
    await tryPap(phone, created.pap);
    assert.ok(await shows(phone, created.line.label, SOON_MS));
    for (const times of [1, 2, 3]) {
      await phone.provision();
      assert.equal(phone.setup?.display, created.line.label, `${times}`);
    }
  });
});

it('leaflet: "The MAC address is a sequence of 12 hexadecimal digits (numbers and letters), sometimes split into 6 groups of 2 characters, separated by a dash or a colon."', async () => {
  const created = await service.api.createPhone({ macHex: randomMacHex() });
  const pairs = created.macHex.match(/../g) ?? [];
  for (const spelled of [created.macHex, pairs.join(':'), pairs.join('-').toUpperCase()]) {
    assert.equal((await service.api.device(spelled)).pap, created.pap, spelled);
  }
});
