import {
  derivePhonePassword,
  deriveSipPassword,
  deriveToken,
  type MasterKey,
  unseal,
} from '../domain/secrets.js';
import type { FetchedLine } from '../store/fetch-lookup.js';

/** The source of all secrets in a view, which is replaced when an administrator is shown one. */
export interface ViewSecrets {
  token(tokenId: string, deviceId: string): string;
  sipPassword(tokenId: string): string;
  /**
   * The password of the phone's own menu.
   *
   * @param subject id of the token in the minimal configuration, of the device in the full one
   */
  phonePassword(subject: string): string;
  linePassword(line: FetchedLine): string;
  /** The value of a free parameter, which may be a secret. */
  raw(value: string): string;
  /** A URL of an operator: it may have a user and password, or a key in its query. */
  address(url: string): string;
}

/** The secrets themselves, for phones. */
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

/** The text in the place of a secret. */
export const MASK = '********';

/** For administrators: no secret is even derived. */
export const MASKED_SECRETS: ViewSecrets = {
  token: () => MASK,
  sipPassword: () => MASK,
  phonePassword: () => MASK,
  linePassword: () => MASK,
  raw: () => MASK,
  address: (url) => url.replace(/^(\w+:\/\/)[^/?#]*@/, `$1${MASK}@`).replace(/\?.*$/, `?${MASK}`),
};
