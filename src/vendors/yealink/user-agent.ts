import { parseMac } from '../../domain/mac.js';
import type { UserAgentFacts } from '../vendor.js';

/**
 * `Yealink SIP-T46U 108.86.0.90 80:5e:c0:11:22:33`, `Yealink W70B 146.87.0.15 …`, and of the T56A,
 * with two spaces and a bare MAC, `Yealink SIP-T56A  58.80.0.25 001565f429a4`. The vendor's name is
 * required: without it this would match much that is no phone.
 */
const USER_AGENT =
  /^Yealink\s+(?:SIP(?: VP)?-)?(\w+)\s+([\d.]+)\s+([0-9a-f]{12}|(?:[0-9a-f]{2}:){5}[0-9a-f]{2})$/i;
/**
 * `Yealink-T46G 28.71.0.81 28.1.0.128.0.0.0`: an old form with the hardware's version where the MAC
 * would be.
 */
const OLD_USER_AGENT = /^Yealink-(\w+)\s+([\d.]+)\s+[\d.]+$/i;

export function recogniseUserAgent(userAgent: string): UserAgentFacts | null {
  const [, model, firmware, mac] = USER_AGENT.exec(userAgent) ?? OLD_USER_AGENT.exec(userAgent) ?? [];
  if (model === undefined || firmware === undefined) return null;
  return { model, firmware, mac: mac === undefined ? null : parseMac(mac) };
}
