/** Views for the tests of all families. */
import { parseMac } from '../../../src/domain/mac.js';
import type { FullView, LineView, MinimalView } from '../../../src/vendors/vendor.js';

const common = {
  mac: parseMac('805ec0112233')!,
  model: null,
  language: 'de',
  timezone: 'Europe/Berlin',
  at: new Date('2026-11-30T12:00:00Z'),
  ntpServer: 'pool.ntp.org',
  emergencyNumbers: ['112', '911'],
  rawNames: [],
};

export function aMinimalView(changes: Partial<MinimalView> = {}): MinimalView {
  return {
    ...common,
    provisioningUrl: 'https://prov.example/bootstraptoken/',
    refreshSeconds: 60,
    phonePassword: 'menu-minimal',
    displayText: 'Authentication needed',
    serviceNumber: '*89',
    account: {
      user: 'bootstrap',
      password: 'bootstrap-pass',
      host: 'sip.example',
      port: 5060,
      transport: 'udp',
      plainPort: 5060,
    },
    ...changes,
  };
}

export function aFullView(changes: Partial<FullView> = {}): FullView {
  return {
    ...common,
    provisioningUrl: 'https://prov.example/proventoken/',
    refreshSeconds: 18_000,
    phonePassword: 'menu-full',
    lines: [aLine()],
    service: null,
    keys: [],
    phoneBook: null,
    voicemailNumber: null,
    firmwareUrl: null,
    languageUrl: null,
    codecs: ['g722', 'pcma', 'pcmu'],
    srtp: null,
    toneCountry: null,
    webInterface: false,
    serverTrust: { verify: null, caUrl: null },
    raw: new Map(),
    ...changes,
  };
}

export function aLine(changes: Partial<LineView> = {}): LineView {
  return {
    label: '201 Anna',
    displayName: 'Anna Example',
    sipUser: 'k201a',
    authUser: 'k201auth',
    password: 'S1p-secret',
    host: 'pbx.example',
    port: 5061,
    outboundProxy: { host: 'proxy.example', port: null },
    transport: 'tls',
    ...changes,
  };
}

/** Lines that differ in everything, each with texts found nowhere else. */
export function someLines(count: number): LineView[] {
  return Array.from({ length: count }, (_, at) =>
    aLine({
      label: `LABEL-${at}-secretish`,
      displayName: `NAME-${at}-secretish`,
      sipUser: `user-${at}-secretish`,
      authUser: `auth-${at}-secretish`,
      password: `pass-${at}-secretish`,
      host: `pbx-${at}-secretish.example`,
      outboundProxy: { host: `proxy-${at}-secretish.example`, port: 5070 + at },
      transport: at % 2 === 0 ? 'tls' : 'tcp',
    }),
  );
}

/** Everything that a full configuration can say, each with texts found nowhere else. */
export function everything(wishes: { keys: number; raw: Record<string, string> }): Partial<FullView> {
  return {
    lines: someLines(20),
    keys: Array.from({ length: wishes.keys }, (_, at) => ({
      kind: at % 2 === 0 ? 'blf' : 'speed-dial',
      label: `KEY-${at}-secretish`,
      value: `${at}-secretish`,
      line: 1,
    })),
    phoneBook: { name: 'BOOK-secretish', url: 'https://book-secretish.example/' },
    voicemailNumber: '*98secretish',
    firmwareUrl: 'https://firmware-secretish.example/KX-08.000.fw',
    languageUrl: 'https://language-secretish.example/',
    serverTrust: { verify: true, caUrl: 'https://ca-secretish.example/' },
    raw: new Map(Object.entries(wishes.raw)),
  };
}

/** What an administrator, or an attacker with the same rights, may put into a text. */
export const HOSTILE_TEXTS = [
  'a\r\naccount.1.password = stolen',
  'a\u2028account.2.enable = 1\u2029b\u0085c',
  '</user_realname><setting_server>http://evil.example/</setting_server>',
  '" label="x" onload=\'y\' ]]> <!-- & &amp; &#0; <![CDATA[',
  'Zoë 😀 株式会社 \ud800 \uffff \u0000 end',
  '%NULL%',
  '#!version:1.0.0.1',
  '  spaces around  ',
  '',
];
