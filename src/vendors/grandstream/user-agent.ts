import { parseMac } from '../../domain/mac.js';
import type { UserAgentFacts } from '../vendor.js';

/**
 * `Grandstream Model HW GXP1628 SW 1.0.4.138 DevId c074ad2bd859`, and with a hardware version `… HW
 * HT801 V1.1A SW 1.0.17.5 DevId …`.
 */
const USER_AGENT = /^Grandstream Model HW (\w+)(?:\s+V\S+)? SW (\S+) DevId ([0-9a-f]{12})\b/i;
/** `Grandstream GXP2000 (gxp2000e.bin:1.2.5.3/boot55e.bin:1.1.6.9) DevId 000b822726c8` */
const OLD_USER_AGENT = /^Grandstream (\w+) \([^):]*:([\d.]+)[^)]*\) DevId ([0-9a-f]{12})\b/i;

export function recogniseUserAgent(userAgent: string): UserAgentFacts | null {
  const [, model, firmware, mac] = USER_AGENT.exec(userAgent) ?? OLD_USER_AGENT.exec(userAgent) ?? [];
  if (model === undefined || firmware === undefined || mac === undefined) return null;
  return { model, firmware, mac: parseMac(mac) };
}
