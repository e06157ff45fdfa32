import { Liquid, type Template } from 'liquidjs';
import { escapeXml } from '../vendors/xml.js';

/**
 * Limits of a template: a hundred times what a phone's configuration of some hundred lines needs.
 */
const MAX_TEMPLATE_CHARACTERS = 200_000;
const MAX_DOCUMENT_CHARACTERS = 500_000;
const MAX_ALLOCATIONS = 10_000_000;
/**
 * The last resort: a time limit depends on the load, so that the same view could give different
 * documents. The other limits apply long before.
 */
const MAX_RENDER_MS = 2_000;

/** Filters whose output differs from one rendering to the next: phones would see a change. */
const UNSTABLE_FILTERS = [
  'date',
  'date_to_xmlschema',
  'date_to_rfc822',
  'date_to_string',
  'date_to_long_string',
  'sample',
];

/** The text of the template files in a vendor's folder, by name. */
export type TemplateSources = ReadonlyMap<string, string>;

/**
 * The templates of one folder. They have access to their variables and to each other, and to
 * nothing else: no file, no prototype, no clock. An unknown variable or filter is an error.
 */
export class TemplateEngine {
  readonly #liquid: Liquid;

  constructor(readonly sources: TemplateSources) {
    this.#liquid = new Liquid({
      templates: Object.fromEntries(sources),
      extname: '.liquid',
      strictVariables: true,
      lenientIf: true,
      strictFilters: true,
      ownPropertyOnly: true,
      parseLimit: MAX_TEMPLATE_CHARACTERS,
      renderLimit: MAX_RENDER_MS,
      memoryLimit: MAX_ALLOCATIONS,
      cache: true,
    });
    for (const name of UNSTABLE_FILTERS) this.#liquid.unregisterFilter(name);
    this.#liquid.registerFilter('xml', (value: unknown) => escapeXml(textOf(value)));
    this.#liquid.registerFilter('line', (value: unknown) => singleLine(textOf(value)));
  }

  /** @throws what `templateFault` describes */
  parse(name: string): Template[] {
    return this.#liquid.parse(this.sources.get(name) ?? '', name);
  }

  /**
   * The variables that a template and its partials use without setting them, each with its first
   * place.
   */
  variablesOf(template: Template[]): Map<string, { file: string; line: number }> {
    const { globals } = this.#liquid.analyzeSync(template);
    return new Map(
      Object.entries(globals).map(([name, [first]]) => [
        name,
        { file: first?.location.file ?? '', line: first?.location.row ?? 1 },
      ]),
    );
  }

  /** @throws what `templateFault` describes */
  render(template: Template[], variables: object): string {
    const text: unknown = this.#liquid.renderSync(template, variables);
    if (typeof text !== 'string') throw new Error('the template does not make a text');
    if (text.length > MAX_DOCUMENT_CHARACTERS)
      throw new Error(`the document has more than ${MAX_DOCUMENT_CHARACTERS} characters`);
    return text;
  }
}

/**
 * The fault of a template, with file and line where they are known: the message of the library
 * without the place in it.
 */
export function templateFault(error: unknown, name: string, sources: TemplateSources): string {
  const what = (error instanceof Error ? error.message : String(error)).replace(
    /(?:, file:[^,]*)?(?:, line:\d+, col:\d+)?$/,
    '',
  );
  const token: unknown = error instanceof Error && 'token' in error ? error.token : null;
  if (!isPlaced(token)) return `${name}: ${what}`;
  const [file = name] = [...sources].find(([, text]) => text === token.input) ?? [];
  const [line] = token.getPosition();
  return `${token.file ?? file}:${line}: ${what}`;
}

interface Placed {
  input: string;
  file?: string;
  getPosition(): [line: number, column: number];
}

function isPlaced(token: unknown): token is Placed {
  return typeof token === 'object' && token !== null && 'input' in token && 'getPosition' in token;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** For formats in which a line end ends a value. */
function singleLine(value: string): string {
  return value.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
