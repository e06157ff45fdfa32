import { realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import {
  type Answer,
  NOT_FOUND,
  PRECONDITION_FAILED,
  rangeNotSatisfiable,
  UNAVAILABLE,
  writeAnswer,
} from './answer.js';
import { readVendorFile, type VendorFileTarget } from './request-target.js';

export interface VendorFilesOptions {
  log: Logger;
  /** The path of the public URL, without a slash at the end. */
  publicPath: string;
  /** Holds a folder for each vendor; null: there is none. */
  filesDir: string | null;
  downloadsInHand: number;
}

/**
 * Nothing of them is secret, and a new version has a new name; so that a replaced file is noticed
 * all the same, not for long.
 */
const HEADERS = { 'Cache-Control': 'public, max-age=3600' };

/**
 * Firmware and language files, of which the full configuration names the address: whole or in parts
 * (RFC 9110 14), to everybody, for phones fetch them without their token too. Passes on
 * what is no such file.
 */
export function vendorFiles({
  log,
  publicPath,
  filesDir,
  downloadsInHand,
}: VendorFilesOptions): RequestHandler {
  let inHand = 0;
  return async (request, response, next) => {
    const target = filesDir === null ? null : readVendorFile(request.url, publicPath);
    if (target === null || filesDir === null) return next();
    if (inHand >= downloadsInHand) return writeAnswer(response, UNAVAILABLE);
    inHand += 1;
    try {
      const place = await findFile(filesDir, target);
      if (place === null) return next();
      const error = await sendFile(response, place);
      if (error !== null) answerFault(response, error, log);
    } finally {
      inHand -= 1;
    }
  };
}

interface FilePlace {
  /** The vendor's folder, as it really is. */
  root: string;
  /** Below it. */
  path: string;
}

/**
 * An ordinary file that really lies below its vendor's folder, whatever links lead there; null when
 * there is none.
 */
async function findFile(filesDir: string, { vendor, path }: VendorFileTarget): Promise<FilePlace | null> {
  try {
    const root = await realpath(join(filesDir, vendor));
    const file = await realpath(join(root, path));
    if (!file.startsWith(root + sep) || !(await stat(file)).isFile()) return null;
    return { root, path: relative(root, file) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'ELOOP') return null;
    throw error;
  }
}

/** Resolves when all of it has gone out, or with what kept it from doing so. */
async function sendFile(response: Response, { root, path }: FilePlace): Promise<Error | null> {
  return new Promise((resolve) => {
    const options = { root, dotfiles: 'deny', cacheControl: false, headers: HEADERS } as const;
    response.sendFile(path, options, (error) => resolve(error ?? null));
  });
}

function answerFault(response: Response, error: Error, log: Logger): void {
  // The phone has gone away; it will ask for the rest.
  if (response.headersSent || response.destroyed) return void response.destroy();
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  writeAnswer(response, faultAnswer(error, log));
}

function faultAnswer(error: Error, log: Logger): Answer {
  switch ('status' in error ? error.status : null) {
    case 403:
    case 404:
      return NOT_FOUND;
    case 412:
      return PRECONDITION_FAILED;
    case 416:
      return rangeNotSatisfiable(contentRange(error));
    default:
      log.error({ err: error }, 'a file could not be sent');
      return UNAVAILABLE;
  }
}

function contentRange(error: Error): string {
  const headers: unknown = 'headers' in error ? error.headers : null;
  const isSet = typeof headers === 'object' && headers !== null && 'Content-Range' in headers;
  return isSet ? String(headers['Content-Range']) : 'bytes */*';
}
