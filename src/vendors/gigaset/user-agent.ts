import { parseMac } from '../../domain/mac.js';
import type { UserAgentFacts } from '../vendor.js';

/**
 * `Gigaset N870 IP PRO/83.V2.11.0+build.a546b91;7C2F80E0D605`, `N510 IP
 * PRO/42.258.00.000.000;7C2F806257D7`, `N720-DM-PRO/70.040.00.000.000`; in quotes at times.
 * Requests for the phone book end with the handset that makes them.
 */
const USER_AGENT =
  /^"?(?:Gigaset[ -])?(N\d{3}E?)(?:[ -][\w -]+)?\/([\w.+]+?)(?:;([0-9a-f]{12}))?(?:;Handset=\d+)?"?$/i;

export function recogniseUserAgent(userAgent: string): UserAgentFacts | null {
  const [, model, firmware, mac] = USER_AGENT.exec(userAgent) ?? [];
  if (model === undefined || firmware === undefined) return null;
  return { model: model.toUpperCase(), firmware, mac: mac === undefined ? null : parseMac(mac) };
}
