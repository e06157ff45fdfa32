import type { RequestedFile } from '../vendors/vendor.js';

/** A request target that may name a file of ours: `/<file>` or `/<token>/<file>`, below the path of PUBLIC_URL or not. */
export interface ProvisioningTarget {
  /** The first path segment where there are two: a token, or what somebody put in a token's place. */
  presented: string | null;
  file: RequestedFile;
}

/** Longer than any file of ours below any token. */
const MAX_LENGTH = 512;
const PRESENTABLE = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Reads a request target. null for every target that cannot be one of ours, however it is broken.
 *
 * @param publicPath the path of PUBLIC_URL, such as `/p`, or empty: a proxy in front may or may not take it away
 */
export function readTarget(target: string, publicPath: string): ProvisioningTarget | null {
  if (target.length > MAX_LENGTH) return null;
  const [path = '', query = ''] = withoutAuthority(target).split('?', 2);
  if (!path.startsWith('/')) return null;
  const below = `${path}/`.startsWith(`${publicPath}/`) ? path.slice(publicPath.length) : path;
  const decoded = decode(below);
  if (decoded === null) return null;
  // A URL set with one slash too many asks for `//<file>`; the last segment is empty where no file is named (`/?mac=…`).
  const name = decoded.at(-1) ?? '';
  const folders = decoded.slice(0, -1).filter((segment) => segment !== '');
  const [presented = null, ...deeper] = folders;
  if (deeper.length > 0 || (presented !== null && !PRESENTABLE.test(presented))) return null;
  return { presented, file: { name, query: new URLSearchParams(query) } };
}

/** The absolute form (RFC 9112, 3.2.2) names the server as well, which is us. */
function withoutAuthority(target: string): string {
  return target.replace(/^https?:\/\/[^/?#]*/i, '');
}

/** The segments of a path, each decoded for itself, so that an encoded slash is part of a name and not a border. */
function decode(path: string): string[] | null {
  if (!path.includes('%')) return path.split('/');
  try {
    return path.split('/').map((segment) => decodeURIComponent(segment));
  } catch {
    return null; // URIError: broken percent-encoding. There is no other way to ask.
  }
}

/** What the log shows of a target: where a token may stand, `~`. */
export function maskTarget(target: string, read: ProvisioningTarget | null): string {
  if (read !== null && /^[\w.-]{0,64}$/.test(read.file.name)) {
    const name = read.file.name.replaceAll(/[a-z2-7]{20,}/gi, '~');
    return read.presented === null ? `/${name}` : `/~/${name}`;
  }
  const [path = ''] = withoutAuthority(target.slice(0, MAX_LENGTH)).split('?', 1);
  // Anything that could be a token, or a good part of one, encoded or not.
  return path.replaceAll(/[%\w-]{16,}/g, '~').slice(0, 120);
}
