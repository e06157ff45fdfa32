import type { Settings } from '../parameter-list.js';
import type { RenderedDocument } from '../vendor.js';
import type { YealinkModel } from './models.js';
import { ownedParameters, writeParameter } from './parameters.js';

/** The first line of every file; phones pass over a file without it. */
const HEADER = '#!version:1.0.0.1\n';
const CONTENT_TYPE = 'text/plain; charset=utf-8';

/**
 * Every parameter owned on the model: with the document's value where it has one, else with the one
 * that clears it. Then the free ones.
 */
export function writeConfiguration(
  model: YealinkModel,
  settings: Settings,
  raw: Iterable<readonly [name: string, value: string]>,
): RenderedDocument {
  let body = HEADER + ownedParameters(model).write(settings);
  for (const [name, value] of raw) body += writeParameter(name, value);
  return { contentType: CONTENT_TYPE, body };
}

/**
 * A file that includes another one and makes what that does not set return to the factory's value.
 */
export function writeBootFile(included: string): RenderedDocument {
  return {
    contentType: CONTENT_TYPE,
    body: `${HEADER}include:config "${included}"\noverwrite_mode = 1\n`,
  };
}
