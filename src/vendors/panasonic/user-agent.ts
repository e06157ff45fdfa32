import { parseMac } from '../../domain/mac.js';
import type { UserAgentFacts } from '../vendor.js';

/**
 * `Panasonic_KX-UT113/01.133 (0080f0c8c381)`, and with a dash `Panasonic-KX-TGP600RU/01.061
 * (080023e21a52)`.
 */
const USER_AGENT = /^Panasonic[_-](KX-[^/ ]+)\/(\S+) \(([0-9a-f]{12})\)$/i;

export function recogniseUserAgent(userAgent: string): UserAgentFacts | null {
  const [, model, firmware, mac] = USER_AGENT.exec(userAgent) ?? [];
  if (model === undefined || firmware === undefined || mac === undefined) return null;
  return { model, firmware, mac: parseMac(mac) };
}
