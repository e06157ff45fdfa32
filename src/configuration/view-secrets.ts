import {
  derivePhonePassword,
  deriveSipPassword,
  deriveToken,
  type MasterKey,
  unseal,
} from '../domain/secrets.js';
import type { FetchedLine } from '../store/fetch-lookup.js';

/** Where a view has everything secret from, so that what people are shown can be made without. */
export interface ViewSecrets {
  token(tokenId: string, deviceId: string): string;
  sipPassword(tokenId: string): string;
  /**
   * Of the phone's own menu; the subject is a token in the minimal configuration and the device in
   * the full one.
   */
  phonePassword(subject: string): string;
  linePassword(line: FetchedLine): string;
  /** The value of a free parameter: who knows what it is. */
  raw(value: string): string;
  /** An address that an operator set: user and password, or a key in its query, may be in it. */
  address(url: string): string;
}

/** For phones. */
export function phoneSecrets(masterKey: MasterKey): ViewSecrets {
  return {
    token: (tokenId, deviceId) => deriveToken(masterKey, tokenId, deviceId),
    sipPassword: (tokenId) => deriveSipPassword(masterKey, tokenId),
    phonePassword: (subject) => derivePhonePassword(masterKey, subject),
    linePassword: (line) => unseal(masterKey, line.id, line.passwordSealed),
    raw: (value) => value,
    address: (url) => url,
  };
}

/** What stands where a secret would. */
export const MASK = '********';

/** For people: nothing secret is even derived. */
export const MASKED_SECRETS: ViewSecrets = {
  token: () => MASK,
  sipPassword: () => MASK,
  phonePassword: () => MASK,
  linePassword: () => MASK,
  raw: () => MASK,
  address: (url) => url.replace(/^(\w+:\/\/)[^/?#]*@/, `$1${MASK}@`).replace(/\?.*$/, `?${MASK}`),
};
