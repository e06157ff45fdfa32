import { fileURLToPath } from 'node:url';
import type { RequestHandler } from 'express';
import sirv from 'sirv';
import { API } from './operation.js';

/** What `scripts/prepare.mjs` builds, beside the compiled sources. */
const FOLDER = fileURLToPath(new URL('../../portal', import.meta.url));

/**
 * What a page of the portal may load: its own files, and no script or style that is written into
 * it. The two digests are the style elements that React Aria adds while a dialog is open on iOS.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o=' 'sha256-gYiS/BvZvRcK27JIXTuwhZ3hs2+VJ1X+2gUlE+farlg='",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A year: the name of an asset changes with its content. */
const ASSETS = 'public, max-age=31536000, immutable';

/**
 * Serves the portal: its files, compressed as they were built, and index.html for the address of
 * any page, so that a link into it works. Nothing of it is secret: it opens without a key, and
 * shows what the API answers.
 */
export function portal(): RequestHandler {
  const files = sirv(FOLDER, {
    brotli: true,
    gzip: true,
    etag: true,
    setHeaders: (response, path) => {
      response.setHeader('Cache-Control', path.startsWith('/assets/') ? ASSETS : 'no-cache');
    },
  });
  return (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    if (isPage(request.path, request.headers.accept ?? '')) request.url = '/';
    // An answer 304 has it too: a browser takes the policy of that one for the page it has stored.
    const usual = response.getHeader('Content-Security-Policy');
    response.setHeader('Content-Security-Policy', POLICY);
    files(request, response, () => {
      if (usual === undefined) response.removeHeader('Content-Security-Policy');
      else response.setHeader('Content-Security-Policy', usual);
      next();
    });
  };
}

function isPage(path: string, accept: string): boolean {
  return accept.includes('text/html') && !path.startsWith(`${API}/`) && !path.startsWith('/assets/');
}
