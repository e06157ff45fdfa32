import { parseMac } from '../../domain/mac.js';
import type { UserAgentFacts } from '../vendor.js';

/**
 * `Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 2010.12-00004-g9ba52f5 000413922D24 SXM:0
 * UXM:0)`. One firmware puts a build date in parentheses before the MAC, others leave the MAC out;
 * so this never splits at spaces.
 */
const DESK = /\bsnom(\w+)-SIP ([\d.]+)(?:.*\b((?:000413|1C7126)[0-9A-F]{6})\b)?/i;
/** `Mozilla/4.0 (compatible; Snom M900 05.20.0001 000413b60680)` */
const DECT = /\bsnom\s?(M\d{3})\s([\d.]+)\s([0-9A-F]{12})\b/i;

export function recogniseUserAgent(userAgent: string): UserAgentFacts | null {
  const [, model, firmware, mac] = DESK.exec(userAgent) ?? DECT.exec(userAgent) ?? [];
  if (model === undefined || firmware === undefined) return null;
  return { model, firmware, mac: mac === undefined ? null : parseMac(mac) };
}
