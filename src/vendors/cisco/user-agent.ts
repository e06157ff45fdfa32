import { parseMac } from '../../domain/mac.js';
import type { UserAgentFacts } from '../vendor.js';
import { plainModel } from './models.js';

/**
 * `Linksys/PAP2T-5.1.6(LS) (FM500F123456)`, `Cisco/SPA508G-7.4.4 (0002FDFF2103)(CBT141400UK)`,
 * `Cisco/ATA191-MPP-11-1-0-MSR4 (FCH2443D9R4)`. The last group is the serial number, even where it
 * looks like a MAC (`Linksys/SPA-942-6.1.5(a) (88019FA42805)`); only of two groups is the first the
 * MAC, and ATAs send one.
 */
const USER_AGENT =
  /^(?:Cisco|Linksys|Sipura)\/((?:SPA|ATA|PAP)-?\d+[A-Z]?\d?)-(\S+)(?: (?:\(([0-9A-F]{12})\)(?=\())?\(\w+\))?$/i;

export function recogniseUserAgent(userAgent: string): UserAgentFacts | null {
  const [, model, firmware, mac] = USER_AGENT.exec(userAgent) ?? [];
  if (model === undefined || firmware === undefined) return null;
  return { model: plainModel(model), firmware, mac: mac === undefined ? null : parseMac(mac) };
}
