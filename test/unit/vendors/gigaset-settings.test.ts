/** Gigaset: what an operator can wish for, free parameters, and labels that mean harm. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { gigaset } from '../../../src/vendors/gigaset/index.js';
import { apply, type Base, FULL_OF_EVERYTHING, plain } from './gigaset-reader.js';
import { aFullView, aLine, aMinimalView, HOSTILE_TEXTS, someLines } from './views.js';

describe('Gigaset settings', () => {
  test('set what an operator wishes for', () => {
    const of = (model: string, changes: Parameters<typeof aFullView>[0]) =>
      apply(gigaset.renderFull(aFullView({ model, ...changes }))).parameters;
    const n870 = of('N870', { ...FULL_OF_EVERYTHING, srtp: 'required' });
    assert.equal(n870.get('Netdir.1.Activated'), '1');
    assert.equal(n870.get('XMLDir.1.ServerURL'), 'https://books.example/secretish.xml');
    assert.equal(n870.get('SipAccount.00001.VoiceMailMailbox'), '*97secretish');
    assert.equal(n870.get('SipProvider.0.MWISubscription'), '1');
    assert.equal(n870.get('SipProvider.0.SRTP_Enabled'), '1');
    assert.equal(n870.get('SipProvider.0.AcceptNonSRTPCalls'), '0');
    assert.equal(n870.get('Telephony.0.ToneScheme'), 'Germany');
    const n510 = of('N510', { ...FULL_OF_EVERYTHING, codecs: ['pcmu', 'opus', 'g729'] });
    assert.equal(n510.get('BS_IP_Data1.ucI_SIP_PREFERRED_VOCODER'), '0x00,0x03,0xff,0xff,0xff');
    assert.equal(n510.get('BS_IP_Data1.aucS_VOIP_NET_AM_NUMBER_1'), '"*97secretish"');
    assert.equal(n510.get('BS_AE_SwConfig.ucCountryCodeTone'), '0xc');
    assert.equal(n510.get('BS_IP_Data1.ucB_ACCEPT_FOREIGN_SUBNET'), '0x1');
    assert.equal(n510.get('BS_IP_Data1.uiI_SIP_SERVER_PORT'), '0x13c5');
    assert.equal(n510.get('BS_Accounts.astAccounts[0].uiSendMask'), '0x1');
  });

  test('name firmware only with the version that it is', () => {
    const firmware = (firmwareUrl: string | null): string | undefined =>
      /<firmware>\n(.*)\n<\/firmware>/.exec(
        gigaset.renderFull(aFullView({ model: 'N870', firmwareUrl })).body,
      )?.[1];
    const url = 'https://prov.example/1.2.3/Gigaset-Nx70-V2.65.0-build.8504c90.bin';
    assert.equal(firmware(url), `<file version="2.65.0" url="${url}"/>`);
    assert.equal(firmware('https://prov.example/1.2.3/latest.bin'), undefined);
    assert.equal(firmware(null), undefined);
  });

  test('share a provider between lines of one server, and leave out lines for whose server there is no place', () => {
    const same = apply(
      gigaset.renderFull(aFullView({ model: 'N870', lines: [aLine(), aLine({ sipUser: 'second' })] })),
    );
    assert.equal(same.parameters.get('SipAccount.00002.ProviderId'), '0');
    assert.equal(same.parameters.get('SipProvider.1.Domain'), '');
    const lines = [
      ...someLines(10),
      aLine({ host: 'eleventh' }),
      aLine({ ...someLines(1)[0], sipUser: 'twelfth' }),
    ];
    const n720 = apply(gigaset.renderFull(aFullView({ model: 'N720', lines }))).parameters;
    assert.equal(n720.get('BS_VOIP_Data.astVoipAccounts[10].ucB_SIP_ACCOUNT_IS_ACTIVE_1'), '0x0');
    assert.equal(n720.get('BS_VOIP_Data.astVoipAccounts[10].aucS_SIP_PASSWORD[0]'), '""');
    assert.equal(n720.get('BS_VOIP_Data.astVoipAccounts[11].aucS_SIP_USER_ID[0]'), '"twelfth"');
    assert.equal(n720.get('BS_VOIP_Data.astVoipAccounts[11].ucVoipProviderIndex'), '0x0');
  });

  test('say the time zone in the words of the base', () => {
    const zone = (timezone: string | null): string | undefined =>
      apply(gigaset.renderFull(aFullView({ model: 'N870', timezone }))).parameters.get('DmGlobal.0.TimeZone');
    assert.equal(zone('Europe/Berlin'), 'Europe/Berlin');
    assert.equal(zone('Europe/Vienna'), 'Europe/Berlin');
    assert.equal(zone('Australia/Brisbane'), 'Australia/Brisbane');
    assert.equal(zone('UTC'), 'Greenwich');
    assert.equal(zone('Asia/Kolkata'), undefined);
    assert.equal(zone(null), undefined);
    const numbers = (timezone: string): (string | undefined)[] => {
      const { parameters } = apply(gigaset.renderFull(aFullView({ model: 'N510', timezone })));
      return ['uiI_TIME_TIMEZONE', 'ucB_TIME_USE_AUTOMATIC_DST'].map((name) =>
        parameters.get(`BS_IP_Data1.${name}`),
      );
    };
    assert.deepEqual(numbers('Europe/Berlin'), ['0x1b', '0x1']);
    assert.deepEqual(numbers('Asia/Kolkata'), ['0x30', '0x0']);
    assert.deepEqual(numbers('Australia/Lord_Howe'), ['0x47', '0x0'], 'what it is at present');
    assert.deepEqual(numbers('Pacific/Chatham'), [undefined, undefined]);
  });
});

describe('Gigaset free parameters', () => {
  test('come after ours and are cleared by the minimal configuration', () => {
    for (const [model, name, value, cleared] of [
      ['N870', 'DmGlobal.0.SuotaEnable', '1', ''],
      ['N510', 'BS_IP_Data1.ucB_CT_AFTER_ON_HOOK', '0x1', '0x0'],
      ['N720', 'BS_IP_Data.aucS_NETWORK_DEVICENAME[%]', '"dect-secretish"', '""'],
    ] as const) {
      assert.equal(gigaset.rawFault(name, model), null, name);
      const full = gigaset.renderFull(aFullView({ model, raw: new Map([[name, value]]) }));
      assert.equal([...apply(full).parameters].at(model === 'N510' ? -2 : -1)?.[1], value);
      const minimal = gigaset.renderMinimal(aMinimalView({ model, rawNames: [name] }));
      assert.equal(apply(full, minimal).parameters.get(name), cleared);
    }
  });

  test('cannot be ours, by whatever name', () => {
    for (const [model, name] of [
      ['N870', 'SipAccount.00001.AuthPassword'],
      ['N610', 'SipAccount.00099.AuthPassword'],
      ['N870', 'sipaccount.029E74A599.authpassword'],
      ['N870', 'WebUIAccounts.2.Password'],
      ['N870', 'Provisioning.global.ProvisioningServer'],
      ['N510', 'BS_IP_Data1.aucS_SIP_PASSWORD_7'],
      ['N510', 'BS_CUSTOM.aucKdsPin[%]'],
      ['N720', 'BS_VOIP_Data.astVoipAccounts[%].aucS_SIP_PASSWORD[%]'],
      ['N720', 'bs_ip_data.aucs_data_server'],
    ] as const) {
      assert.equal(gigaset.rawFault(name, model), 'is a parameter that Dialgate sets itself', name);
    }
  });

  test('have names of the format', () => {
    for (const model of ['N510', 'N720', 'N870']) {
      for (const name of ['', 'a', 'a"b.c', 'a.b c', 'a.b\n', '<a.b>', `a.${'b'.repeat(100)}`]) {
        assert.equal(
          gigaset.rawFault(name, model),
          'is no parameter name of this family',
          JSON.stringify(name),
        );
      }
    }
  });
});

describe('Gigaset labels', () => {
  for (const [model, labelName, passwordName] of [
    ['N510', 'BS_IP_Data1.aucS_SIP_DISPLAYNAME', 'BS_IP_Data1.aucS_SIP_PASSWORD'],
    [
      'N720',
      'BS_VOIP_Data.astVoipAccounts[0].aucS_SIP_DISPLAYNAME[0]',
      'BS_VOIP_Data.astVoipAccounts[0].aucS_SIP_PASSWORD[0]',
    ],
    ['N610', 'SipAccount.00001.DisplayName', 'SipAccount.00001.AuthPassword'],
  ] as const) {
    test(`are well-formed on ${model} and change no other parameter, whatever the labels say`, () => {
      const texts = fc.oneof(
        fc.constantFrom(
          ...HOSTILE_TEXTS,
          '\u202e\u200fلا',
          'x'.repeat(1000),
          `'/><SYMB_ITEM ID="a" value='0x1'/>`,
        ),
        fc.string({ unit: 'binary', maxLength: 40 }),
      );
      const usual = apply(
        gigaset.renderFull(
          aFullView({ model, lines: [aLine({ label: '', displayName: '', password: '' })] }),
        ),
      );
      const own =
        /SIP_DISPLAYNAME|SIP_PASSWORD|ACCOUNT_NAME|aucAccountName|aucTlnName|\.DisplayName$|\.AuthPassword$/;
      const rest = (base: Base): [string, string][] =>
        [...base.parameters].filter(([name]) => !own.test(name));
      const isFrame = model !== 'N610';
      const said = (text: string): string =>
        isFrame ? `"${plain(text).replaceAll('"', "'")}"` : plain(text);
      fc.assert(
        fc.property(texts, texts, texts, (label, displayName, password) => {
          const lines = [aLine({ label, displayName, password })];
          const full = gigaset.renderFull(aFullView({ model, lines }));
          const base = apply(full);
          assert.deepEqual(rest(base), rest(usual));
          assert.equal(base.parameters.get(labelName), said(displayName));
          assert.equal(base.parameters.get(passwordName), said(password));
          assert.deepEqual(full, gigaset.renderFull(aFullView({ model, lines })), 'same input, same bytes');
        }),
        { numRuns: 150 },
      );
    });
  }
});
