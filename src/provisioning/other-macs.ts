import { macsOfSubject } from '../domain/client-certificate.js';
import type { Mac } from '../domain/mac.js';
import { macsInQuery } from '../vendors/requests.js';
import type { RequestedFile, Vendor } from '../vendors/vendor.js';

/** The places of a request that may name a MAC. */
export type MacPlace = 'path' | 'query' | 'userAgent' | 'certificate';

/** The MACs that a request names beside the one of its device, by where they stand. */
export type OtherMacs = Readonly<Partial<Record<MacPlace, Mac>>>;

const NO_QUERY = new URLSearchParams();

/**
 * Whom else a request claims to be from; null when it contradicts itself nowhere. All but the
 * certificate can be made up, so that they agree proves nothing. But a phone speaks of itself
 * alone: where they do not agree, one phone has another one's address or configuration, or somebody
 * tries.
 */
export function otherMacs(
  vendor: Vendor,
  file: RequestedFile,
  userAgent: Mac | null,
  certificateSubject: string | null,
  mac: Mac,
): OtherMacs | null {
  const named: Record<MacPlace, Mac | null> = {
    path: file.query.size === 0 ? null : macOf(vendor, { name: file.name, query: NO_QUERY }),
    query: macsInQuery(file.query).find((one) => one !== mac) ?? null,
    userAgent,
    certificate: certificateSubject === null ? null : macInSubject(certificateSubject, mac),
  };
  const others = Object.entries(named).filter(([, one]) => one !== null && one !== mac);
  return others.length === 0 ? null : Object.fromEntries(others);
}

function macOf(vendor: Vendor, file: RequestedFile): Mac | null {
  const recognised = vendor.recogniseFile(file);
  return recognised?.kind === 'device' ? recognised.mac : null;
}

/**
 * The device's MAC where the subject has it; else what may be one, though it may be a serial number
 * that looks like it.
 */
function macInSubject(subject: string, mac: Mac): Mac | null {
  const macs = macsOfSubject(subject);
  return macs.includes(mac) ? mac : (macs[0] ?? null);
}
