import { parseMac } from '../../domain/mac.js';
import type { UserAgentFacts } from '../vendor.js';

/**
 * `SmartNode (Model:SN4112/JS/EUI; Serial:00A0BA08933C; Software Version:R6.2 2012-09-11 H323 SIP
 * FXS FXO; Hardware Version:4.4)`. The serial number is the MAC; the model's name ends at the first
 * slash.
 */
const USER_AGENT = /^SmartNode \(Model:(\w+)[^;]*; Serial:(\w+); Software Version:R?([^\s;)]+)/;

export function recogniseUserAgent(userAgent: string): UserAgentFacts | null {
  const [, model, serial, firmware] = USER_AGENT.exec(userAgent) ?? [];
  if (model === undefined || serial === undefined || firmware === undefined) return null;
  return { model, firmware, mac: parseMac(serial) };
}
