import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { makeAccountName } from './account-name.js';
import { base32 } from './base32.js';

/**
 * Everything that can be derived is derived: from the master key, the id of a row and a serial. A
 * stolen database alone opens nothing. Each purpose has its own key (HKDF, RFC 5869), so that no
 * derived value tells anything about another.
 */
export interface MasterKey {
  /** Rows carry the version of the key they were made with, so that keys can be rotated. */
  version: number;
  pap: Buffer;
  token: Buffer;
  accountNames: Buffer;
  sipPassword: Buffer;
  sealing: Buffer;
  lineCode: Buffer;
  phonePassword: Buffer;
  internalToken: Buffer;
  audit: Buffer;
  decoy: Buffer;
  session: Buffer;
  /** Tells whether a database was made with this key without telling the key. */
  fingerprint: string;
}

/** Opens a master key from its text (`MASTER_KEY`, or the content of `DATA_DIR/master.key`). */
export function openMasterKey(text: string, version = 1): MasterKey {
  const secret = Buffer.from(text.trim(), 'utf8');
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, 'dialgate', purpose, 32));
  return {
    version,
    pap: derive('pap'),
    token: derive('token'),
    accountNames: derive('account-names'),
    sipPassword: derive('sip-password'),
    sealing: derive('sealing'),
    lineCode: derive('line-code'),
    phonePassword: derive('phone-password'),
    internalToken: derive('internal-token'),
    audit: derive('audit'),
    decoy: derive('decoy'),
    session: derive('session'),
    fingerprint: derive('fingerprint').toString('hex').slice(0, 32),
  };
}

/** A new master key in the form that the key file holds. */
export function makeMasterKey(): string {
  return randomBytes(32).toString('base64');
}

function mac(key: Buffer, ...parts: (string | number)[]): Buffer {
  return createHmac('sha256', key).update(parts.join('|')).digest();
}

/** The PAP of a device's `serial`-th issue: decimal digits, uniform to within 2⁻⁶⁴ × 10¹⁰. */
export function derivePap(key: MasterKey, deviceId: string, serial: number, digits: number): string {
  const number = mac(key.pap, deviceId, serial, digits).readBigUInt64BE() % 10n ** BigInt(digits);
  return number.toString().padStart(digits, '0');
}

const TOKEN_ID_LENGTH = 12;
const TOKEN_SECRET_LENGTH = 20;
const TOKEN = /^[a-z2-7]{32}$/;

/** A new token id. It is also the SIP user name of the phone that holds the token. */
export function makeTokenId(key: Pick<MasterKey, 'accountNames'>): string {
  return makeAccountName(key.accountNames);
}

/**
 * The whole token, as it stands in a provisioning URL: the row's id, and 100 bits derived from it.
 */
export function deriveToken(key: MasterKey, tokenId: string, deviceId: string): string {
  return tokenId + base32(mac(key.token, tokenId, deviceId), TOKEN_SECRET_LENGTH);
}

/** The id of the token that a path segment may be, or null when it has not even the form of one. */
export function tokenIdOf(segment: string): string | null {
  return TOKEN.test(segment) ? segment.slice(0, TOKEN_ID_LENGTH) : null;
}

/** Whether `segment` is the token with this id for this device; in constant time. */
export function isToken(key: MasterKey, segment: string, tokenId: string, deviceId: string): boolean {
  return sameText(segment, deriveToken(key, tokenId, deviceId));
}

/** The SIP password of the phone that holds a token. */
export function deriveSipPassword(key: MasterKey, tokenId: string): string {
  return base32(mac(key.sipPassword, tokenId), 24);
}

/**
 * A phone's own administrator password. The subject is a device for the full configuration, a token
 * for the minimal one.
 */
export function derivePhonePassword(key: MasterKey, subject: string): string {
  return base32(mac(key.phonePassword, subject), 16);
}

/**
 * The id of the decoy that has a MAC: always the same, so that it can be forgotten and made again,
 * and what was derived from it still holds. It has the form of a random one (RFC 9562, version 4).
 */
export function deriveDecoyId(key: MasterKey, macAddress: string): string {
  const bytes = mac(key.decoy, macAddress).subarray(0, 16);
  bytes[6] = (bytes.readUInt8(6) & 0x0f) | 0x40;
  bytes[8] = (bytes.readUInt8(8) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/**
 * The shared token with which the SIP application speaks to the internal app, unless one is
 * configured.
 */
export function deriveInternalToken(key: MasterKey): string {
  return base32(mac(key.internalToken, 'sip-application'), 40);
}

/** HA1 of RFC 7616 3.4.2, for the algorithms that we offer. */
export function deriveHa1(
  user: string,
  realm: string,
  password: string,
): { md5: string; sha256: string; sha512256: string } {
  const text = `${user}:${realm}:${password}`;
  return {
    md5: createHash('md5').update(text).digest('hex'),
    sha256: createHash('sha256').update(text).digest('hex'),
    sha512256: createHash('sha512-256').update(text).digest('hex'),
  };
}

/**
 * Encrypts what cannot be derived, bound to the row it belongs to (AES-256-GCM, the row id as
 * additional data).
 */
export function seal(key: MasterKey, rowId: string, plain: string): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.sealing, iv).setAAD(Buffer.from(rowId));
  return Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** Opens what `seal` made. Throws when the key, the row or a single bit is another. */
export function unseal(key: MasterKey, rowId: string, sealed: Uint8Array): string {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv('aes-256-gcm', key.sealing, bytes.subarray(0, 12)).setAAD(
    Buffer.from(rowId),
  );
  decipher.setAuthTag(bytes.subarray(bytes.length - 16));
  return decipher.update(bytes.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8');
}

/**
 * The key by which a dialled code finds its line. Without the master key codes cannot be tried
 * against it.
 */
export function deriveCodeLookup(key: MasterKey, code: string): string {
  return mac(key.lineCode, code).toString('hex');
}

/** The code of a line, for display; bound to another thing of its row than the password is. */
export function sealCode(key: MasterKey, lineId: string, code: string): Buffer {
  return seal(key, codeOf(lineId), code);
}

/** Opens what `sealCode` made. */
export function unsealCode(key: MasterKey, lineId: string, sealed: Uint8Array): string {
  return unseal(key, codeOf(lineId), sealed);
}

function codeOf(lineId: string): string {
  return `${lineId}|code`;
}

/** A new API key, and how it is stored: 200 random bits need no slow hash. */
export function makeApiKey(): string {
  return `dg_${base32(randomBytes(25), 40)}`;
}

export function hashApiKey(apiKey: string): string {
  return createHash('sha256').update(apiKey).digest('hex');
}

const SESSION_RANDOM_LENGTH = 32;
const SESSION_CHECK_LENGTH = 12;
const SESSION_TOKEN = /^[a-z2-7]{44}$/;

/** A new session token: 160 random bits, and 60 that only the master key makes of them. */
export function makeSessionToken(key: MasterKey): string {
  const random = base32(randomBytes(20), SESSION_RANDOM_LENGTH);
  return random + sessionCheck(key, random);
}

/** Whether a text was made by `makeSessionToken`: of any other the database need not be asked. */
export function isSessionToken(key: MasterKey, text: string): boolean {
  if (!SESSION_TOKEN.test(text)) return false;
  const random = text.slice(0, SESSION_RANDOM_LENGTH);
  return sameText(text.slice(SESSION_RANDOM_LENGTH), sessionCheck(key, random));
}

function sessionCheck(key: MasterKey, random: string): string {
  return base32(mac(key.session, 'check', random), SESSION_CHECK_LENGTH);
}

/**
 * How a session token is stored. `boundTo` is a secret that is in no table, and without which the
 * session is not found again; null: none.
 */
export function hashSessionToken(key: MasterKey, token: string, boundTo: string | null): string {
  return mac(key.session, 'stored', token, ...(boundTo === null ? [] : [boundTo])).toString('hex');
}

/** Compares two texts in constant time. */
export function sameText(left: string, right: string): boolean {
  const a = createHash('sha256').update(left).digest();
  const b = createHash('sha256').update(right).digest();
  return timingSafeEqual(a, b);
}
