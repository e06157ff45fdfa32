import type { Mac } from '../domain/mac.js';
import type { CommonView, FullView, LineView, MinimalView } from '../vendors/vendor.js';

/**
 * Views to try a template with: one with everything, and one with as little as a phone can have.
 */
export interface ExampleViews<V> {
  rich: V;
  poor: V;
}

const COMMON: CommonView = {
  mac: '80:5e:c0:11:22:33' as Mac,
  model: 'EXAMPLE-1',
  provisioningUrl: 'https://phones.example/token/',
  refreshSeconds: 3600,
  language: 'en',
  timezone: 'Europe/Berlin',
  at: new Date('2026-01-01T00:00:00Z'),
  ntpServer: 'pool.ntp.org',
  emergencyNumbers: ['112', '911'],
  rawNames: ['example.parameter'],
  phonePassword: 'password',
};

const POOR: CommonView = { ...COMMON, model: null, timezone: null, emergencyNumbers: [], rawNames: [] };

const MINIMAL: Omit<MinimalView, keyof CommonView> = {
  displayText: 'Authentication needed',
  serviceNumber: '*89',
  account: {
    user: 'service-account',
    password: 'password',
    host: 'sip.example',
    port: 5060,
    transport: 'udp',
    plainPort: 5060,
  },
};

const LINE: LineView = {
  label: '201 Anna',
  displayName: 'Anna Example',
  sipUser: 'line-201',
  authUser: 'line-201',
  password: 'password',
  host: 'pbx.example',
  port: 5060,
  outboundProxy: { host: 'proxy.example', port: 5060 },
  transport: 'tls',
};

export const EXAMPLE_MINIMAL: ExampleViews<MinimalView> = {
  rich: { ...COMMON, ...MINIMAL },
  poor: { ...POOR, ...MINIMAL },
};

export const EXAMPLE_FULL: ExampleViews<FullView> = {
  rich: {
    ...COMMON,
    lines: [LINE, { ...LINE, label: '202 Ben' }],
    service: null,
    keys: [{ kind: 'blf', label: 'Door', value: '300', line: 1 }],
    phoneBook: { name: 'Phone book', url: 'https://phones.example/book.xml' },
    voicemailNumber: '*97',
    firmwareUrl: 'https://phones.example/files/firmware.rom',
    languageUrl: 'https://phones.example/files/language.lang',
    codecs: ['g722', 'pcma', 'pcmu'],
    srtp: 'required',
    toneCountry: 'DE',
    webInterface: true,
    serverTrust: { verify: true, caUrl: 'https://phones.example/ca.pem' },
    raw: new Map([['example.parameter', 'value']]),
  },
  poor: {
    ...POOR,
    lines: [{ ...LINE, port: null, outboundProxy: null }],
    service: null,
    keys: [],
    phoneBook: null,
    voicemailNumber: null,
    firmwareUrl: null,
    languageUrl: null,
    codecs: ['pcma'],
    srtp: null,
    toneCountry: null,
    webInterface: false,
    serverTrust: { verify: false, caUrl: null },
    raw: new Map(),
  },
};
