import type { Settings } from '../parameter-list.js';
import type { RenderedDocument } from '../vendor.js';
import { writeParameter } from './line.js';
import type { PanasonicModel } from './models.js';
import { ownedParameters } from './parameters.js';

/**
 * The first line of every file, of which the phone compares the beginning; it passes over a file
 * without it.
 */
const HEADER = '# Panasonic SIP Phone Standard Format File # DO NOT CHANGE THIS LINE!\r\n';
const OLD_HEADER = '# PCC Standard Format File # DO NOT CHANGE THIS LINE!\r\n';
/** A file ends with an empty line. */
const END = '\r\n';

/** Every parameter owned on the model, and free ones after them. */
export function writeConfiguration(
  model: PanasonicModel,
  settings: Settings,
  raw: Iterable<readonly [name: string, value: string]>,
): RenderedDocument {
  let lines = ownedParameters(model).write(settings);
  for (const [name, value] of raw) lines += writeParameter(name, value);
  return writeFile(model, lines);
}

/** A file that sets these and leaves everything else alone. */
export function writePointer(model: PanasonicModel, settings: Settings): RenderedDocument {
  const lines = [...settings].map(([name, value]) => writeParameter(name, value));
  return writeFile(model, lines.join(''));
}

function writeFile(model: PanasonicModel, lines: string): RenderedDocument {
  return {
    contentType: 'text/plain; charset=utf-8',
    body: (model.series === 'tgp5' ? OLD_HEADER : HEADER) + lines + END,
  };
}
