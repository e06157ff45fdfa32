import { isUtf8 } from 'node:buffer';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { VendorId } from '../domain/vendor-id.js';
import { StartupFault } from '../domain/startup-fault.js';
import { vendorOf } from '../vendors/index.js';
import type { RenderedDocument, Vendor } from '../vendors/vendor.js';
import { EXAMPLE_FULL, EXAMPLE_MINIMAL } from './example-views.js';
import {
  type OwnTemplate,
  OwnTemplates,
  TEMPLATE_NAMES,
  type TemplateName,
  type VendorTemplates,
  applyTemplate,
  variablesOf,
} from './own-templates.js';
import { TemplateEngine, type TemplateSources, templateFault } from './template-engine.js';

/** A partial, which other templates include; it has no document of its own. */
const PARTIAL = /^_[\w-]{1,60}\.liquid$/;

/**
 * Reads the templates of an operator from `<folder>/<vendor>/` and tries them all; without the
 * folder there are none. All faults are reported together, with file and line.
 *
 * @throws StartupFault for a template that fails with an example, and for a file that no document
 *   is made from
 */
export async function loadTemplates(folder: string, log: Logger): Promise<OwnTemplates> {
  const problems: string[] = [];
  const byVendor = new Map<VendorId, VendorTemplates>();
  for (const name of await visibleEntries(folder)) {
    const vendor = vendorOf(name as VendorId);
    if (vendor === null) {
      problems.push(`${join(folder, name)}: there is no vendor family of this name`);
      continue;
    }
    const loaded = await loadFolder(join(folder, name), vendor);
    problems.push(...loaded.problems.map((problem) => `${join(folder, name)}/${problem}`));
    byVendor.set(vendor.id, loaded.templates);
  }
  if (problems.length > 0) {
    throw new StartupFault(
      `The configuration templates are not right; mend them, or take them away:\n${problems.map((one) => `  ${one}`).join('\n')}`,
    );
  }
  return new OwnTemplates(byVendor, log);
}

interface LoadedFolder {
  templates: VendorTemplates;
  problems: string[];
}

async function loadFolder(folder: string, vendor: Vendor): Promise<LoadedFolder> {
  const loaded: LoadedFolder = { templates: {}, problems: [] };
  const sources = new Map<string, string>();
  for (const name of await visibleEntries(folder)) {
    if (!isTemplateName(name) && !PARTIAL.test(name)) {
      loaded.problems.push(
        `${name}: is neither ${TEMPLATE_NAMES.join(' nor ')} nor a part of one (_name.liquid)`,
      );
      continue;
    }
    const source = await readTemplate(join(folder, name));
    if (source === null) loaded.problems.push(`${name}: is not in UTF-8`);
    else sources.set(name, source);
  }
  const engine = new TemplateEngine(sources);
  for (const name of sources.keys()) {
    try {
      const template = engine.parse(name);
      if (!isTemplateName(name)) continue;
      const own = { engine, template };
      tryOut(own, name, vendor);
      loaded.problems.push(...unknownVariables(own, name));
      loaded.templates[name] = own;
    } catch (error) {
      loaded.problems.push(templateFault(error, name, sources satisfies TemplateSources));
    }
  }
  return loaded;
}

/** Unknown variables, also in branches that no example takes. */
function unknownVariables({ engine, template }: OwnTemplate, name: TemplateName): string[] {
  const { rich } = name === 'full.liquid' ? EXAMPLE_FULL : EXAMPLE_MINIMAL;
  const known = new Set(Object.keys(variablesOf(rich, '')));
  return [...engine.variablesOf(template)]
    .filter(([variable]) => !known.has(variable))
    .map(
      ([variable, { file, line }]) => `${file === '' ? name : file}:${line}: unknown variable: ${variable}`,
    );
}

/** @throws when the template fails with one of the two example views */
function tryOut(own: OwnTemplate, name: TemplateName, vendor: Vendor): void {
  const attempt = (base: RenderedDocument, view: Parameters<typeof applyTemplate>[2]): void =>
    void applyTemplate(own, base.body, view);
  if (name === 'full.liquid') {
    for (const view of [EXAMPLE_FULL.rich, EXAMPLE_FULL.poor]) attempt(vendor.renderFull(view), view);
  } else {
    for (const view of [EXAMPLE_MINIMAL.rich, EXAMPLE_MINIMAL.poor])
      attempt(vendor.renderMinimal(view), view);
  }
}

function isTemplateName(name: string): name is TemplateName {
  return (TEMPLATE_NAMES as readonly string[]).includes(name);
}

/** Sorted by name; empty where the folder does not exist. */
async function visibleEntries(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).toSorted();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    // A data folder that is a file is reported where the data folder is opened.
    if (code === 'ENOENT' || (code === 'ENOTDIR' && !existsSync(folder))) return [];
    throw unreadable(folder, error);
  }
}

/**
 * Without the byte order mark of some editors, which phones would read as part of the first line.
 * null: the file is not UTF-8.
 */
async function readTemplate(path: string): Promise<string | null> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  return isUtf8(bytes) ? new TextDecoder().decode(bytes) : null;
}

function unreadable(path: string, error: unknown): StartupFault {
  const code = error instanceof Error && 'code' in error ? error.code : error;
  return new StartupFault(`${path} cannot be read (${String(code)}).`, { cause: error });
}
