import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { Logger } from 'pino';
import type { TlsIdentity } from '../../telephony/sip/stream-kind.js';
import { StartupFault } from '../domain/startup-fault.js';

export interface CertificateFiles {
  certificate: string;
  key: string;
}

/** Certificates live for weeks, and are renewed some before they end. */
const LOOK_AGAIN_MS = 60_000;

/**
 * The certificate of SIP over TLS and its key, from their files.
 * @throws StartupFault that names the setting and the file
 */
export async function readCertificate(files: CertificateFiles): Promise<TlsIdentity> {
  const [certificate, key] = [
    await readPem('SIP_TLS_CERT', files.certificate),
    await readPem('SIP_TLS_KEY', files.key),
  ];
  try {
    createSecureContext({ cert: certificate });
  } catch (error) {
    throw new StartupFault(`SIP_TLS_CERT: ${files.certificate} holds no certificate in PEM form.`, {
      cause: error,
    });
  }
  try {
    createSecureContext({ cert: certificate, key });
  } catch (error) {
    const isOfAnother = error instanceof Error && /mismatch/.test(error.message);
    const reason = isOfAnother
      ? `is not the key of the certificate in ${files.certificate}`
      : 'holds no key in PEM form, or one with a pass phrase';
    throw new StartupFault(`SIP_TLS_KEY: ${files.key} ${reason}.`, { cause: error });
  }
  return { certificate, key };
}

/**
 * What phones that verify it will not like, for the log. `host` is what they are told to register
 * at.
 */
export function certificateDoubts({ certificate }: TlsIdentity, host: string, now: Date): string[] {
  const leaf = new X509Certificate(certificate);
  const isFor = isIP(host) === 0 ? leaf.checkHost(host) : leaf.checkIP(host);
  const doubts = isFor === undefined ? [`it is not for ${host}, where phones are told to register`] : [];
  if (now > new Date(leaf.validTo)) doubts.push(`it ended on ${leaf.validTo}`);
  if (now < new Date(leaf.validFrom)) doubts.push(`it begins on ${leaf.validFrom}`);
  return doubts;
}

/**
 * Reads the files again every minute, and tells when they hold another certificate. Files that are
 * just being replaced (a certificate whose key is not there yet) are read again. Ends with the
 * returned function.
 */
export function watchCertificate(
  files: CertificateFiles,
  known: TlsIdentity,
  onRenewed: (identity: TlsIdentity) => void,
  log: Logger,
  everyMs = LOOK_AGAIN_MS,
): () => void {
  let current = known;
  const look = async (): Promise<void> => {
    try {
      const found = await readCertificate(files);
      if (found.certificate === current.certificate && found.key === current.key) return;
      current = found;
      onRenewed(found);
    } catch (error) {
      log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'certificate not renewed');
    }
  };
  const timer = setInterval(() => void look(), everyMs).unref();
  return () => clearInterval(timer);
}

async function readPem(setting: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new StartupFault(`${setting}: ${file} cannot be read (${code}).`, { cause: error });
  }
}
