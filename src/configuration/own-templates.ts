import type { Logger } from 'pino';
import type { Template } from 'liquidjs';
import type { VendorId } from '../domain/vendor-id.js';
import type {
  ConfigurationView,
  FullView,
  MinimalView,
  RenderedDocument,
  Vendor,
} from '../vendors/vendor.js';
import { escapeXml } from '../vendors/xml.js';
import { type TemplateEngine, templateFault } from './template-engine.js';

/** The templates that an operator can write for a family. */
export const TEMPLATE_NAMES = ['minimal.liquid', 'full.liquid'] as const;
export type TemplateName = (typeof TEMPLATE_NAMES)[number];

/** A template that was parsed and tried at the start. */
export interface OwnTemplate {
  engine: TemplateEngine;
  template: Template[];
}

export type VendorTemplates = Partial<Record<TemplateName, OwnTemplate>>;

/**
 * The templates of operators, which replace or extend what a family writes (docs/templates.md). The
 * variables of a template are the view and, as `base`, the family's own document; the template of
 * the minimal configuration has no other source, so it cannot disclose a secret of the full one. A
 * phone for whose view a template fails gets the family's own document.
 */
export class OwnTemplates {
  readonly #failed = new Set<OwnTemplate>();

  constructor(
    private readonly byVendor: ReadonlyMap<VendorId, VendorTemplates>,
    private readonly log: Logger,
  ) {}

  renderMinimal(vendor: Vendor, view: MinimalView): RenderedDocument {
    const base = vendor.renderMinimal(view);
    return this.#render(vendor, 'minimal.liquid', base, view);
  }

  renderFull(vendor: Vendor, view: FullView): RenderedDocument {
    const base = vendor.renderFull(view);
    return this.#render(vendor, 'full.liquid', base, view);
  }

  #render(
    vendor: Vendor,
    name: TemplateName,
    base: RenderedDocument,
    view: ConfigurationView,
  ): RenderedDocument {
    const own = this.byVendor.get(vendor.id)?.[name];
    if (own === undefined) return base;
    try {
      return { ...base, body: applyTemplate(own, base.body, view) };
    } catch (error) {
      // Logged once: the phones of a fleet ask every minute.
      if (!this.#failed.has(own)) {
        const fault = templateFault(error, name, own.engine.sources);
        this.log.error(
          { vendor: vendor.id, fault },
          'a template failed; the configuration goes out without it',
        );
      }
      this.#failed.add(own);
      return base;
    }
  }
}

/**
 * The document of a template, with the line ends of the family's own document.
 *
 * @throws when the template fails, and when its document is empty or has no account
 */
export function applyTemplate(
  { engine, template }: OwnTemplate,
  base: string,
  view: ConfigurationView,
): string {
  const body = engine.render(template, variablesOf(view, base));
  // Such as a template file that was created and not written yet: phones would never fetch again.
  if (body.trim() === '') throw new Error('the document is empty');
  if (!keepsAccount(body, base, view)) throw new Error('the document has no account to call for help with');
  return base.includes('\r\n') ? body.replaceAll(/\r?\n/g, '\r\n') : body;
}

/** Whether a document has the user of one of the accounts in the family's own document. */
function keepsAccount(body: string, base: string, view: ConfigurationView): boolean {
  const users =
    'lines' in view
      ? [view.service?.account.user, ...view.lines.flatMap(({ sipUser, authUser }) => [sipUser, authUser])]
      : [view.account.user];
  const written = users
    .flatMap((user = '') => [user, escapeXml(user)])
    .filter((user) => user !== '' && base.includes(user));
  return written.length === 0 || written.some((user) => body.includes(user));
}

/**
 * The view as variables of a template: plain data, without the time, since a document must not
 * change with it.
 */
export function variablesOf(view: ConfigurationView, base: string): Record<string, unknown> {
  const { at: _, ...variables } = view;
  return { ...variables, ...('raw' in view ? { raw: Object.fromEntries(view.raw) } : {}), base };
}
