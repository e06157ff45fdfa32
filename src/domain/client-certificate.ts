import { type Mac, parseMac } from './mac.js';

/** Makers write a model, a serial number and the MAC, never a page. */
const MAX_LENGTH = 1_000;
/**
 * Bare, with separators, or behind the word that begins a phone's name in Cisco's call manager
 * (`CN=CP-8841-SEP805EC0112233`). Its `L` is a serial number, in its SPA provisioning guides one
 * that looks like a MAC; no locality looks like one.
 */
const POSSIBLE_MAC =
  /(?<![0-9a-z])(?<!\bL ?= ?)(?:sep|ata)?([0-9a-f]{2}(?:[:.-]?[0-9a-f]{2}){5})(?![0-9a-z])/gi;

/**
 * What in the subject of a phone's factory certificate can be a MAC. Makers put it into the common
 * name or a serial number, bare or with colons, so it is looked for everywhere; a generic
 * certificate, the same in many phones, has none.
 *
 * @param subject a distinguished name, as RFC 4514 or OpenSSL writes it
 */
export function macsOfSubject(subject: string): readonly Mac[] {
  if (subject.length > MAX_LENGTH) return [];
  return [...subject.matchAll(POSSIBLE_MAC)].flatMap(([, text = '']) => parseMac(text) ?? []);
}
