/** What all families share: tables of parameters, accounts, file names and User-Agents. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lineAccounts, shareServers } from '../../../src/vendors/accounts.js';
import { ParameterList } from '../../../src/vendors/parameter-list.js';
import {
  certificateCheck,
  inFull,
  inMinimal,
  LEFT,
  owned,
  type Table,
  valuesOf,
} from '../../../src/vendors/parameter-table.js';
import { recogniserOf, userAgentsOf } from '../../../src/vendors/requests.js';
import { accountsOf } from '../../../src/vendors/service-line.js';
import { offsetText } from '../../../src/vendors/time-zone.js';
import type { ConfigurationView } from '../../../src/vendors/vendor.js';
import { aFullView, aLine, aMinimalView } from './views.js';

const TABLE: Table<[ConfigurationView]> = {
  fixed: '1',
  valued: ['cleared', (view) => view.ntpServer],
  ofFull: ['cleared', inFull((view) => view.voicemailNumber)],
  ofMinimal: ['cleared', inMinimal((view) => view.phonePassword)],
  left: [LEFT, inFull((view) => view.toneCountry)],
};
const nameOf = (entry: string): string => `x.${entry}`;
const list = new ParameterList([owned(TABLE, (name, value) => `${name}=${value};`, nameOf)]);
const written = (view: ConfigurationView): string => list.write(valuesOf(TABLE, [view], nameOf));

describe('a table of parameters', () => {
  test('has the values of the full configuration in the full one alone', () => {
    assert.equal(
      written(aFullView({ voicemailNumber: '*97', toneCountry: 'DE' })),
      'x.fixed=1;x.valued=pool.ntp.org;x.ofFull=*97;x.ofMinimal=cleared;x.left=DE;',
    );
  });

  test('clears them in the minimal one, and leaves what no document sets', () => {
    assert.equal(
      written(aMinimalView()),
      'x.fixed=1;x.valued=pool.ntp.org;x.ofFull=cleared;x.ofMinimal=menu-minimal;',
    );
  });

  test('sets a check of certificates where it was set, and in no other case', () => {
    const check = certificateCheck('on', 'off');
    const ofVerify = (verify: boolean | null): string | null =>
      check(aFullView({ serverTrust: { verify, caUrl: null } }));
    assert.deepEqual([true, false, null].map(ofVerify), ['on', 'off', null]);
    assert.equal(check(aMinimalView()), null);
  });
});

describe('the accounts of a configuration', () => {
  test('are as many lines as the model has room for', () => {
    const view = aFullView({ lines: [aLine(), aLine({ label: 'second' }), aLine()] });
    assert.deepEqual(
      accountsOf(view, 2).map(({ label }) => label),
      ['201 Anna', 'second'],
    );
  });

  test('are the one of the service where there are no lines', () => {
    const { displayText, serviceNumber, account } = aMinimalView();
    const withoutLines = aFullView({ lines: [], service: { displayText, serviceNumber, account } });
    for (const view of [aMinimalView(), withoutLines]) {
      assert.deepEqual(
        accountsOf(view, 2).map(({ sipUser }) => sipUser),
        ['bootstrap'],
      );
    }
    assert.deepEqual(lineAccounts(aMinimalView(), 2), []);
  });

  test('encrypt calls where the signalling is encrypted, unless the settings say otherwise', () => {
    const srtpOf = (transport: 'udp' | 'tls', srtp: 'off' | 'required' | null) =>
      lineAccounts(aFullView({ lines: [aLine({ transport })], srtp }), 1)[0]?.srtp;
    assert.deepEqual(
      [srtpOf('udp', null), srtpOf('tls', null), srtpOf('tls', 'off'), srtpOf('udp', 'required')],
      ['off', 'optional', 'off', 'required'],
    );
  });
});

describe('server profiles', () => {
  const at = (host: string, changes = {}) =>
    aLine({ host, port: 5060, outboundProxy: null, transport: 'udp', ...changes });

  test('are shared by the accounts of the same server, proxy and transport', () => {
    const proxied = at('a.example', { outboundProxy: { host: 'p.example', port: null } });
    const lines = [at('a.example'), at('b.example'), at('a.example', { label: 'third' }), proxied];
    const { servers, placed } = shareServers(lines, 10);
    assert.deepEqual(
      placed.map(({ place, server }) => [place, server]),
      [
        [0, 0],
        [1, 1],
        [2, 0],
        [3, 2],
      ],
    );
    assert.deepEqual(servers, [lines[0], lines[1], proxied]);
  });

  test('leave out an account whose server there is no room for, and no other', () => {
    const lines = ['a', 'b', 'c', 'a'].map((name) => at(`${name}.example`));
    const { servers, placed } = shareServers(lines, 2);
    assert.equal(servers.length, 2);
    assert.deepEqual(
      placed.map(({ place, server }) => [place, server]),
      [
        [0, 0],
        [1, 1],
        [3, 0],
      ],
    );
  });
});

describe('requests', () => {
  const recognise = recogniserOf({
    configuration: /^(<mac>)\.cfg$/i,
    boot: /^(<mac>)\.boot$/i,
    common: /^0{12}\.cfg$/,
    absent: [/^<mac>-local\.cfg$/i],
  });
  const kindOf = (name: string): unknown => recognise({ name, query: new URLSearchParams() });

  test('are told apart by the name of the file', () => {
    const mac = '80:5e:c0:11:22:33';
    assert.deepEqual(kindOf('805EC0112233.cfg'), { kind: 'device', mac, role: 'configuration' });
    assert.deepEqual(kindOf('80-5e-c0-11-22-33.boot'), { kind: 'device', mac, role: 'boot' });
    assert.deepEqual(kindOf('000000000000.cfg'), { kind: 'common' });
    assert.deepEqual(kindOf('805ec0112233-local.cfg'), { kind: 'absent' });
    assert.equal(kindOf('805ec0112233.xml'), null);
  });

  test('for the address of a group are those of no device', () => {
    assert.equal(kindOf('ffffffffffff.cfg'), null);
  });

  test('have the model, the firmware and, from some phones, the MAC in the User-Agent', () => {
    const facts = userAgentsOf([/^A (?<firmware>\S+) (?<model>\w+)(?: (?<mac>[0-9a-f]{12}))?$/], (model) =>
      model.toUpperCase(),
    );
    assert.deepEqual(facts('A 1.2 t46u'), { model: 'T46U', firmware: '1.2', mac: null });
    assert.equal(facts('A 1.2 t46u 805ec0112233')?.mac, '80:5e:c0:11:22:33');
    assert.equal(facts('B 1.2 t46u'), null);
  });
});

test('an offset from UTC is written in hours and minutes', () => {
  assert.equal(offsetText(-210), '3:30');
  assert.equal(offsetText(60, { hourDigits: 2 }), '01:00');
  assert.equal(offsetText(60, { sparesMinutes: true }), '1');
  assert.equal(offsetText(345, { sparesMinutes: true }), '5:45');
});
