import { parseMac } from '../../domain/mac.js';
import type { UserAgentFacts } from '../vendor.js';

/**
 * `FileTransport PolycomVVX-VVX_250-UA/6.4.3.5059 Type/Application`, and with
 * `device.prov.tagSerialNo` `FileTransport PolyCCX-CCX_500-UA/9.4.1.0508 (SN:64167f9f4c90)
 * Type/Application`.
 */
const USER_AGENT = /^FileTransport Poly\w*-(\w+)-UA\/([\d.]+)(?: \(SN:([0-9a-f]{12})\))?(?: Type\/(\w+))?/i;

export function recogniseUserAgent(userAgent: string): UserAgentFacts | null {
  const [, model, version, mac, type] = USER_AGENT.exec(userAgent) ?? [];
  if (model === undefined || version === undefined) return null;
  return {
    model: model.replaceAll('_', ''),
    // The updater that runs before the application has a version of its own.
    firmware: type?.toLowerCase() === 'updater' ? null : version,
    mac: mac === undefined ? null : parseMac(mac),
  };
}
