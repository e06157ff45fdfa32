import { type Mac, parseMac } from '../domain/mac.js';
import type { DocumentRole, RecognisedFile, RequestedFile, UserAgentFacts } from './vendor.js';

/**
 * A MAC, bare or with the separators that firmware inserts for a macro such as `{mac}`; `parseMac`
 * rejects mixed ones.
 */
const MAC = '[0-9a-f]{2}(?:[:.-]?[0-9a-f]{2}){5}';

/** An expression for file names, in which `<mac>` stands for a MAC. */
export function nameWithMac(pattern: RegExp): RegExp {
  return new RegExp(pattern.source.replaceAll('<mac>', MAC), pattern.flags);
}

/** The file names of a family, in expressions where `(<mac>)` stands for the MAC. */
export interface FileNames {
  /** The configuration of a device. */
  configuration: RegExp;
  /** The file that only names the configuration (`DocumentRole`). */
  boot?: RegExp;
  /** Names without a MAC, the same for all phones of a model, which `renderCommon` answers. */
  common?: RegExp;
  keepsToken?: true;
  /** Names of the family without a document: 404, so that the phone goes on to the next name. */
  absent: readonly RegExp[];
}

/** Makes a family's `recogniseFile` of its file names. */
export function recogniserOf(names: FileNames): (file: RequestedFile) => RecognisedFile | null {
  const configuration = nameWithMac(names.configuration);
  const boot = names.boot === undefined ? null : nameWithMac(names.boot);
  const absent = names.absent.map(nameWithMac);
  return ({ name }) => {
    if (names.common?.test(name) === true) {
      return { kind: 'common', ...(names.keepsToken === true && { keepsToken: true }) };
    }
    const [, named] = configuration.exec(name) ?? [];
    if (named !== undefined) return deviceFile(named, 'configuration');
    const [, booting] = boot?.exec(name) ?? [];
    if (booting !== undefined) return deviceFile(booting, 'boot');
    return absent.some((pattern) => pattern.test(name)) ? { kind: 'absent' } : null;
  };
}

/** The file of the device with this MAC; null for a text that is no MAC. */
export function deviceFile(text: string, role: DocumentRole): RecognisedFile | null {
  const mac = parseMac(text);
  return mac === null ? null : { kind: 'device', mac, role };
}

/** All values of a query that are called `mac`, in any case; what is no MAC is left out. */
export function macsInQuery(query: URLSearchParams): Mac[] {
  return [...query].flatMap(([name, text]) => (name.toLowerCase() === 'mac' ? (parseMac(text) ?? []) : []));
}

/**
 * Makes a family's `recogniseUserAgent` of expressions with the groups `model`, `firmware` and,
 * where the User-Agent has one, `mac`.
 *
 * @param modelName the name of the model as `modelOf` of the family expects it
 */
export function userAgentsOf(
  patterns: readonly RegExp[],
  modelName = (model: string): string => model,
): (userAgent: string) => UserAgentFacts | null {
  return (userAgent) => {
    for (const pattern of patterns) {
      const { model, firmware, mac } = pattern.exec(userAgent)?.groups ?? {};
      if (model === undefined || firmware === undefined) continue;
      return { model: modelName(model), firmware, mac: mac === undefined ? null : parseMac(mac) };
    }
    return null;
  };
}
