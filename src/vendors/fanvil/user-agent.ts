import { parseMac } from '../../domain/mac.js';
import type { UserAgentFacts } from '../vendor.js';

/**
 * `Fanvil X6U Pro 0.0.10 0c383e2cd782`: the model may have a space in it. One firmware ends with a
 * stray bracket.
 */
const USER_AGENT = /^Fanvil ([\w-]+(?: [\w-]+)?) (\d[\d.]*) ([0-9a-f]{12})\)?$/i;

export function recogniseUserAgent(userAgent: string): UserAgentFacts | null {
  const [, model, firmware, mac] = USER_AGENT.exec(userAgent) ?? [];
  if (model === undefined || firmware === undefined || mac === undefined) return null;
  return { model, firmware, mac: parseMac(mac) };
}
