import { Liquid, type Template } from 'liquidjs';
import { escapeXml } from '../vendors/xml.js';

/**
 * What a template may take. A phone's configuration is a few hundred lines; these are a hundred
 * times as many.
 */
const MAX_TEMPLATE_CHARACTERS = 200_000;
const MAX_DOCUMENT_CHARACTERS = 500_000;
const MAX_ALLOCATIONS = 10_000_000;
/**
 * The last resort: a limit of time gives one document today and another one tomorrow, so the others
 * are met long before.
 */
const MAX_MILLISECONDS = 2_000;

/**
 * What makes one document of a view today and another one tomorrow: phones would take it for a
 * change.
 */
const UNSTABLE_FILTERS = [
  'date',
  'date_to_xmlschema',
  'date_to_rfc822',
  'date_to_string',
  'date_to_long_string',
  'sample',
];

/** The template files of a vendor's folder: by name, what they say. */
export type TemplateSources = ReadonlyMap<string, string>;

/**
 * The templates of one folder. They see the variables they are given and each other, and nothing
 * else: no file, no prototype, no clock. A variable or a filter that there is not is an error.
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
      renderLimit: MAX_MILLISECONDS,
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
   * The variables that a template and those which it includes do not set themselves, each with the
   * first line it stands in.
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
 * What is wrong with a template, and where as far as is known. The library's own words, without
 * what they say of the place.
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

/** For formats in which a value ends with its line. */
function singleLine(value: string): string {
  return value.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
