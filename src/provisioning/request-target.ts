import { VENDOR_IDS, type VendorId } from '../domain/vendor-id.js';
import type { RequestedFile } from '../vendors/vendor.js';

/**
 * A request target that may name a file of ours: `/<file>` or `/<token>/<file>`, below the path of
 * PUBLIC_URL or not.
 */
export interface ProvisioningTarget {
  /**
   * The first path segment where there are two: a token, or what somebody put in a token's place.
   */
  presented: string | null;
  file: RequestedFile;
}

/** Longer than any file of ours below any token. */
const MAX_LENGTH = 512;
const PRESENTABLE = /^[A-Za-z0-9_-]{1,64}$/;
/**
 * Gigaset bases ask for `42/2/master.bin`, by the numbers of product and variant: part of the name,
 * and much too short for a token.
 */
const PRODUCT = /^\d{1,3}$/;

/**
 * Reads a request target. null for every target that cannot be one of ours, however it is broken.
 *
 * @param publicPath the path of PUBLIC_URL, such as `/p`, or empty: a proxy in front may or may not
 *   take it away
 */
export function readTarget(target: string, publicPath: string): ProvisioningTarget | null {
  if (target.length > MAX_LENGTH) return null;
  const [path = '', query = ''] = withoutAuthority(target).split('?', 2);
  if (!path.startsWith('/')) return null;
  const below = `${path}/`.startsWith(`${publicPath}/`) ? path.slice(publicPath.length) : path;
  const decoded = decode(below);
  if (decoded === null) return null;
  // A URL set with one slash too many asks for `//<file>`; the last segment is empty where no file
  // is named (`/?mac=…`).
  const name = decoded.at(-1) ?? '';
  const folders = decoded.slice(0, -1).filter((segment) => segment !== '');
  const product = folders.slice(-2);
  const isInProduct = product.length === 2 && product.every((segment) => PRODUCT.test(segment));
  const [presented = null, ...deeper] = isInProduct ? folders.slice(0, -2) : folders;
  if (deeper.length > 0 || (presented !== null && !PRESENTABLE.test(presented))) return null;
  const whole = isInProduct ? [...product, name].join('/') : name;
  return { presented, file: { name: whole, query: new URLSearchParams(query) } };
}

/** The absolute form (RFC 9112, 3.2.2) names the server as well, which is us. */
function withoutAuthority(target: string): string {
  return target.replace(/^https?:\/\/[^/?#]*/i, '');
}

/**
 * The segments of a path, each decoded for itself, so that an encoded slash is part of a name and
 * not a border.
 */
function decode(path: string): string[] | null {
  if (!path.includes('%')) return path.split('/');
  try {
    return path.split('/').map((segment) => decodeURIComponent(segment));
  } catch {
    return null; // URIError: broken percent-encoding. There is no other way to ask.
  }
}

/** A file that is the same for all phones of a vendor: firmware, a language. */
export interface VendorFileTarget {
  vendor: VendorId;
  /** Below the vendor's folder, with slashes; none of its parts is empty, hidden or leads up. */
  path: string;
}

/**
 * Reads `/files/<vendor>/<path>`, with a token in front or without: a phone may ask for it below
 * its provisioning URL. null for everything else.
 */
export function readVendorFile(target: string, publicPath: string): VendorFileTarget | null {
  if (target.length > MAX_LENGTH) return null;
  const [path = ''] = withoutAuthority(target).split('?', 1);
  if (!path.startsWith('/')) return null;
  const below = `${path}/`.startsWith(`${publicPath}/`) ? path.slice(publicPath.length) : path;
  const segments = decode(below)?.slice(1) ?? [];
  const at = segments[0] === 'files' ? 1 : 2;
  if (at === 2 && !(PRESENTABLE.test(segments[0] ?? '') && segments[1] === 'files')) return null;
  const vendor = VENDOR_IDS.find((id) => id === segments[at]);
  const parts = segments.slice(at + 1);
  if (vendor === undefined || parts.length === 0 || !parts.every(isPlainName)) return null;
  return { vendor, path: parts.join('/') };
}

/** Neither empty nor hidden, nor anything that a file system reads in its own way. */
function isPlainName(part: string): boolean {
  return /^[^./:\\\p{Cc}][^/:\\\p{Cc}]*$/u.test(part);
}

/** What the log shows of a target: where a token may stand, `~`. */
export function maskTarget(target: string, read: ProvisioningTarget | null): string {
  if (read !== null && /^[\w.:-]{0,64}$/.test(read.file.name)) {
    const name = read.file.name.replaceAll(/[a-z2-7]{20,}/gi, '~');
    return read.presented === null ? `/${name}` : `/~/${name}`;
  }
  const [path = ''] = withoutAuthority(target.slice(0, MAX_LENGTH)).split('?', 1);
  // Anything that could be a token, or a good part of one, encoded or not.
  return path.replaceAll(/[%\w-]{16,}/g, '~').slice(0, 120);
}
