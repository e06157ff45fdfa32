import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import pino from 'pino';
import { StartupFault } from '../../src/domain/startup-fault.js';
import {
  type CertificateFiles,
  certificateDoubts,
  readCertificate,
  watchCertificate,
} from '../../src/process/tls-certificate.js';
import type { TlsIdentity } from '../../telephony/sip/stream-kind.js';
import { makeCertificate, type TestCertificate } from '../support/certificate.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/wait-for.js';

function writeFiles(identity: TestCertificate): CertificateFiles {
  const folder = temporaryFolder();
  const files = { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  writeFileSync(files.certificate, identity.certificate);
  writeFileSync(files.key, identity.key);
  return files;
}

test('files that hold a certificate and its key are read', async () => {
  const identity = makeCertificate();
  assert.deepEqual(await readCertificate(writeFiles(identity)), identity);
});

test('what is wrong with the files is said with the setting and the file, and never with what is in them', async () => {
  const identity = makeCertificate();
  const files = writeFiles(identity);
  const saysOf = (wrong: CertificateFiles): Promise<string> =>
    readCertificate(wrong).then(
      () => assert.fail('it was read'),
      (error: unknown) => {
        assert.ok(error instanceof StartupFault);
        assert.ok(!error.message.includes('BEGIN'));
        return error.message;
      },
    );
  const missing = { ...files, certificate: '/nowhere/cert.pem' };
  assert.equal(await saysOf(missing), 'SIP_TLS_CERT: /nowhere/cert.pem cannot be read (ENOENT).');
  assert.match(await saysOf({ ...files, certificate: files.key }), /^SIP_TLS_CERT: .*no certificate/);
  assert.match(await saysOf({ ...files, key: files.certificate }), /^SIP_TLS_KEY: .*no key/);
  const other = writeFiles(makeCertificate());
  assert.match(await saysOf({ ...files, key: other.key }), /^SIP_TLS_KEY: .*not the key of the certificate/);
});

test('a certificate for another name, or one that has ended, is a doubt', () => {
  const now = new Date('2026-06-01T12:00:00Z');
  const notBefore = new Date('2026-01-01T00:00:00Z');
  const notAfter = new Date('2026-12-31T00:00:00Z');
  const identity = makeCertificate({ names: ['sip.example', '192.0.2.1'], notBefore, notAfter });
  assert.deepEqual(certificateDoubts(identity, 'sip.example', now), []);
  assert.deepEqual(certificateDoubts(identity, '192.0.2.1', now), []);
  assert.match(certificateDoubts(identity, 'other.example', now).join(), /not for other\.example/);
  assert.match(certificateDoubts(identity, 'sip.example', new Date('2027-01-01')).join(), /ended/);
  assert.match(certificateDoubts(identity, 'sip.example', new Date('2025-12-01')).join(), /begins/);
});

test('a renewed certificate is noticed, once its key is there too', async () => {
  const [old, fresh] = [makeCertificate(), makeCertificate()];
  const files = writeFiles(old);
  const renewed: TlsIdentity[] = [];
  const warnings: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => warnings.push(line) });
  const stop = watchCertificate(files, old, (identity) => renewed.push(identity), log, 10);
  try {
    writeFileSync(files.certificate, fresh.certificate);
    await until(() => warnings.length > 0, { what: 'a look at the half-replaced files' });
    assert.deepEqual(renewed, []);
    writeFileSync(files.key, fresh.key);
    assert.deepEqual(await until(() => renewed[0]), fresh);
  } finally {
    stop();
  }
});
