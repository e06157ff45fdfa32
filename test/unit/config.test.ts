import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Config, readConfig } from '../../src/process/config.js';

function valid(environment: Record<string, string>): Config {
  const outcome = readConfig(environment);
  assert.equal(outcome.kind, 'valid', JSON.stringify(outcome));
  return outcome.config;
}

/** All of a configuration but what is told of it. */
function withoutSettings({ settings: _settings, ...config }: Config): Omit<Config, 'settings'> {
  return config;
}

function problems(environment: Record<string, string>): string[] {
  const outcome = readConfig(environment);
  assert.equal(outcome.kind, 'invalid', JSON.stringify(environment));
  return outcome.problems;
}

test('an empty environment is a whole configuration, on loopback and embedded', () => {
  assert.deepEqual(withoutSettings(valid({})), {
    roles: ['provisioning', 'admin', 'internal', 'sip'],
    host: '127.0.0.1',
    provisioningPort: 8080,
    adminPort: 8081,
    internalPort: 8082,
    internalHost: '127.0.0.1',
    internalUrl: null,
    internalToken: null,
    publicUrl: null,
    adminUrl: null,
    sipHost: null,
    sipPort: 5060,
    sipDomain: null,
    sipTransport: 'udp',
    sipTls: { port: 5061, files: null },
    rtpPorts: { from: 20_000, to: 20_999 },
    databaseUrl: null,
    dataDir: './data',
    masterKey: null,
    adminKey: null,
    drachtio: [],
    freeswitch: [],
    promptsDir: null,
    freeswitchPromptsDir: null,
    freeswitchCallback: { host: null, port: 0 },
    trustedProxies: [],
    sipTrustedProxies: [],
    clientCertificateHeader: null,
    unknownDevices: 'reject',
    guesses: { perSourcePerHour: 30, perHour: 1000 },
    emergency: {
      route: [],
      numbers: ['112', '911'],
      callerNumber: null,
      unknownCallers: { perSource: 100, inAll: 500 },
    },
    language: 'en',
    logLevel: 'info',
    isInProduction: false,
    webhookPrivateAddresses: 'refuse',
  });
});

test('a variable that is empty or blank is not set', () => {
  const names = [
    'ROLES',
    'HOST',
    'SIP_PORT',
    'RTP_PORTS',
    'PUBLIC_URL',
    'DATABASE_URL',
    'MASTER_KEY',
    'ADMIN_KEY',
    'TRUSTED_PROXIES',
    'UNKNOWN_DEVICES',
    'GUESSES_PER_HOUR',
  ];
  const blank = Object.fromEntries(
    [...names, 'DRACHTIO_HOST', 'EMERGENCY_NUMBERS', 'LOG_LEVEL'].map((name) => [name, ' ']),
  );
  assert.deepEqual(valid(blank), valid({}));
});

test('what is set is read into its type', () => {
  const config = valid({
    ROLES: 'sip, provisioning',
    HOST: '::',
    ADMIN_PORT: '0',
    PUBLIC_URL: 'https://phones.example/base//',
    RTP_PORTS: '30000 - 30009',
    DATABASE_URL: 'postgresql://dialgate:secret@db.example:5432/dialgate?sslmode=require',
    EMERGENCY_ROUTE: 'sip:first.example, sip:second.example:5070',
    EMERGENCY_NUMBERS: '112,110',
    EMERGENCY_CALLER_NUMBER: '+4989123456',
    UNKNOWN_EMERGENCY_CALLS_PER_SOURCE: '10',
    UNKNOWN_EMERGENCY_CALLS: '20',
    TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/255.0.0.0, ::ffff:192.0.2.1, 2001:db8::/48',
    UNKNOWN_DEVICES: 'decoy',
    GUESSES_PER_SOURCE_PER_HOUR: '1',
    GUESSES_PER_HOUR: '1000000',
    WEBHOOK_PRIVATE_ADDRESSES: 'allow',
    LANGUAGE_DEFAULT: 'de',
    PROMPTS_DIR: 'own/prompts',
    LOG_LEVEL: 'debug',
  });
  assert.deepEqual(config.roles, ['provisioning', 'sip']);
  assert.equal(config.host, '::');
  assert.equal(config.adminPort, 0);
  assert.equal(config.publicUrl, 'https://phones.example/base');
  assert.deepEqual(config.rtpPorts, { from: 30_000, to: 30_009 });
  assert.equal(config.databaseUrl, 'postgresql://dialgate:secret@db.example:5432/dialgate?sslmode=require');
  assert.deepEqual(config.emergency, {
    route: ['sip:first.example', 'sip:second.example:5070'],
    numbers: ['112', '110'],
    callerNumber: '+4989123456',
    unknownCallers: { perSource: 10, inAll: 20 },
  });
  assert.deepEqual(
    config.trustedProxies.map(({ text }) => text),
    ['127.0.0.1/32', '10.0.0.0/8', '192.0.2.1/32', '2001:db8::/48'],
  );
  assert.equal(config.unknownDevices, 'decoy');
  assert.equal(config.webhookPrivateAddresses, 'allow');
  assert.deepEqual(config.guesses, { perSourcePerHour: 1, perHour: 1_000_000 });
  assert.deepEqual([config.language, config.logLevel], ['de', 'debug']);
  assert.equal(config.promptsDir, join(process.cwd(), 'own/prompts'));
});

test('an engine is a host, several hosts, with their own ports or the common one, IPv6 too', () => {
  const { drachtio, freeswitch } = valid({
    DRACHTIO_HOST: 'sip-1.example, sip-2.example:9023,2001:db8::1,[2001:db8::2]:9024, [::1]',
    DRACHTIO_PORT: '9100',
    DRACHTIO_SECRET: 'drachtio-secret',
    FREESWITCH_HOST: '192.0.2.8',
  });
  assert.deepEqual(
    drachtio.map(({ host, port }) => [host, port]),
    [
      ['sip-1.example', 9100],
      ['sip-2.example', 9023],
      ['2001:db8::1', 9100],
      ['2001:db8::2', 9024],
      ['::1', 9100],
    ],
  );
  assert.deepEqual(new Set(drachtio.map(({ secret }) => secret)), new Set(['drachtio-secret']));
  assert.deepEqual(freeswitch, [{ host: '192.0.2.8', port: 8021, secret: 'ClueCon' }]);
});

const WRONG: [name: string, values: string[]][] = [
  ['ROLES', ['admin,portal', 'admin,', 'Admin']],
  ['HOST', ['local host', 'http://x', '1.2.3.4:80', '[1.2.3.4]', '-x']],
  ['SIP_HOST', ['sip:x']],
  ['SIP_DOMAIN', ['a b']],
  ['PROVISIONING_PORT', ['65536', '-1', '80.5', 'http', '0x50', '1e3']],
  ['RTP_PORTS', ['20000', '20000-20000', '20001-20000', '0-10', '1-2-3', '20000-70000', '-']],
  ['PUBLIC_URL', ['phones.example', 'ftp://x', 'http://', 'http://x?y=1', 'http://x#y', 'http://a b']],
  ['DATABASE_URL', ['mysql://x/y', 'db.example', 'postgres:db', 'postgres://user:pass word@[x]/']],
  ['DRACHTIO_HOST', ['a,,b', 'a:99999', 'a:0', 'a:b', '[x]:1', ',']],
  ['FREESWITCH_PORT', ['x']],
  ['FREESWITCH_CALLBACK_HOST', ['not a host']],
  ['FREESWITCH_CALLBACK_PORT', ['x', '70000']],
  ['EMERGENCY_ROUTE', ['gateway.example', 'sip:x,', 'tel:112']],
  ['EMERGENCY_CALLER_NUMBER', ['1', 'help', 'sip:pbx.example', '+49 89 1']],
  ['UNKNOWN_EMERGENCY_CALLS', ['0', 'many']],
  ['UNKNOWN_EMERGENCY_CALLS_PER_SOURCE', ['0', 'many']],
  ['EMERGENCY_NUMBERS', ['1', 'help', '112;110', '112,']],
  ['TRUSTED_PROXIES', ['proxy.example', '10.0.0.0/33', '10.0.0.1,', '10.0.0.0/8;::1']],
  ['UNKNOWN_DEVICES', ['accept', 'Reject', 'autoprov,decoy']],
  ['GUESSES_PER_SOURCE_PER_HOUR', ['0', '-1', '1.5', '1e3', 'many']],
  ['GUESSES_PER_HOUR', ['0', '1000001', '99999999']],
  ['WEBHOOK_PRIVATE_ADDRESSES', ['yes', 'Allow']],
  ['LANGUAGE_DEFAULT', ['german!']],
  ['LOG_LEVEL', ['verbose', 'INFO']],
  ['MASTER_KEY', ['short']],
  ['ADMIN_KEY', ['short', 'with a space', 'schlüssel-schlüssel', 'k'.repeat(501)]],
  ['INTERNAL_TOKEN', ['fifteen-letters', 'with a space in it']],
];

for (const [name, values] of WRONG) {
  test(`${name} is refused by name when it is no such thing`, () => {
    for (const value of values) {
      for (const problem of problems({ [name]: value }))
        assert.ok(problem.startsWith(`${name}: `), `${value}: ${problem}`);
    }
  });
}

test('everything that is wrong is told at once', () => {
  const found = problems({ SIP_PORT: 'x', LOG_LEVEL: 'x', HOST: 'a b', ADMIN_KEY: 'x' });
  assert.deepEqual(
    new Set(found.map((problem) => problem.split(':')[0])),
    new Set(['ADMIN_KEY', 'HOST', 'LOG_LEVEL', 'SIP_PORT']),
  );
});

test('no secret is quoted back, nor a URL that may hold one', () => {
  const told = problems({
    MASTER_KEY: 'hush-1',
    ADMIN_KEY: 'hush 2',
    INTERNAL_TOKEN: 'hush-3',
    DATABASE_URL: 'mysql://user:hush-4@db/x',
    PUBLIC_URL: 'ftp://user:hush-5@x',
    INTERNAL_URL: 'ftp://user:hush-6@x',
  });
  assert.ok(told.length >= 6);
  assert.doesNotMatch(told.join('\n'), /hush/);
});

test('SIP over TLS wants a certificate and its key; a drachtio-server has its own', () => {
  const files = { SIP_TLS_CERT: '/etc/ssl/sip.pem', SIP_TLS_KEY: '/etc/ssl/sip.key' };
  const { sipTls, sipTransport } = valid({ ...files, SIP_TRANSPORT: 'tls', SIP_TLS_PORT: '5071' });
  assert.deepEqual(sipTls, {
    port: 5071,
    files: { certificate: files.SIP_TLS_CERT, key: files.SIP_TLS_KEY },
  });
  assert.equal(sipTransport, 'tls');
  assert.match(problems({ SIP_TLS_CERT: files.SIP_TLS_CERT })[0] ?? '', /SIP_TLS_KEY/);
  assert.match(problems({ SIP_TLS_KEY: files.SIP_TLS_KEY })[0] ?? '', /SIP_TLS_CERT/);
  assert.match(problems({ SIP_TRANSPORT: 'tls' })[0] ?? '', /SIP_TLS_CERT and SIP_TLS_KEY/);
  assert.match(problems({ ...files, SIP_TLS_PORT: '5060' })[0] ?? '', /SIP_TLS_PORT/);
  assert.match(problems({ SIP_TRANSPORT: 'sctp' })[0] ?? '', /SIP_TRANSPORT/);
  valid({ SIP_TRANSPORT: 'tls', DRACHTIO_HOST: 'drachtio.example' });
  valid({ SIP_TRANSPORT: 'tls', ROLES: 'provisioning' });
});

test('every setting is told with its value and where that comes from, and no secret', () => {
  const secrets = {
    MASTER_KEY: 'hidden-master-key-1',
    ADMIN_KEY: 'hidden-admin-key-2',
    INTERNAL_TOKEN: 'hidden-internal-token-3',
    DRACHTIO_SECRET: 'hidden-drachtio-4',
    FREESWITCH_SECRET: 'hidden-freeswitch-5',
    DATABASE_URL: 'postgres://dialgate:hidden-6@db.example/dialgate',
    PUBLIC_URL: 'https://anna:hidden:7@phones.example/p',
    INTERNAL_URL: 'http://hidden-8@10.0.0.7:8082',
    EMERGENCY_ROUTE: 'sip:112@gateway.example,sip:gate:hidden-9@other.example',
  };
  const { settings } = valid({ ...secrets, HOST: '0.0.0.0', RTP_PORTS: '30000-30009' });
  assert.doesNotMatch(JSON.stringify(settings), /hidden/);
  const of = (name: string) => settings.find((setting) => setting.name === name);
  const told = (name: string): unknown[] => [of(name)?.value, of(name)?.source, of(name)?.isSecret];
  assert.deepEqual(told('HOST'), ['0.0.0.0', 'environment', false]);
  assert.deepEqual(told('RTP_PORTS'), ['30000-30009', 'environment', false]);
  assert.deepEqual(told('SIP_PORT'), ['5060', 'default', false]);
  assert.deepEqual(told('ROLES'), ['provisioning,admin,internal,sip', 'default', false]);
  assert.deepEqual(told('SIP_HOST'), [null, 'default', false]);
  assert.deepEqual(told('MASTER_KEY'), [null, 'environment', true]);
  assert.deepEqual(told('PUBLIC_URL'), ['https://***@phones.example/p', 'environment', false]);
  assert.deepEqual(told('EMERGENCY_ROUTE'), [
    'sip:112@gateway.example,sip:gate:***@other.example',
    'environment',
    false,
  ]);
  assert.deepEqual(told('EMERGENCY_NUMBERS'), ['112,911', 'default', false]);
  const names = settings.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.length > 35);
});
