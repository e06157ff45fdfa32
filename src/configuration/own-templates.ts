import type { Logger } from 'pino';
import type { Template } from 'liquidjs';
import type { VendorId } from '../domain/vendor-id.js';
import type { FullView, MinimalView, RenderedDocument, Vendor } from '../vendors/vendor.js';
import { escapeXml } from '../vendors/xml.js';
import { type TemplateEngine, templateFault } from './template-engine.js';

/** The documents that an operator can have a template for. */
export const TEMPLATE_NAMES = ['minimal.liquid', 'full.liquid'] as const;
export type TemplateName = (typeof TEMPLATE_NAMES)[number];

/** A template that was read, parsed and tried. */
export interface OwnTemplate {
  engine: TemplateEngine;
  template: Template[];
}

export type VendorTemplates = Partial<Record<TemplateName, OwnTemplate>>;

/**
 * What operators put in a family's place, or add to it (docs/templates.md). A template is given the
 * view and, as `base`, the document that the family itself writes of it; that of the minimal
 * configuration has nothing else to take from, so it can tell nothing that the full one keeps. One
 * that fails with the view of some phone is left out for that phone: it gets what the family
 * writes.
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
    view: MinimalView | FullView,
  ): RenderedDocument {
    const own = this.byVendor.get(vendor.id)?.[name];
    if (own === undefined) return base;
    try {
      return { ...base, body: applyTemplate(own, base.body, view) };
    } catch (error) {
      // Once: a fleet that asks every minute must not fill the log.
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
 * The document that a template makes; with the line ends of the family's own.
 *
 * @throws when the template fails, and when what it makes would leave the phone without a document
 *   or without an account
 */
export function applyTemplate(
  { engine, template }: OwnTemplate,
  base: string,
  view: MinimalView | FullView,
): string {
  const body = engine.render(template, variablesOf(view, base));
  // A file that was only made so far; with nothing in it, phones would never come back.
  if (body.trim() === '') throw new Error('the document is empty');
  if (!keepsAccount(body, base, view)) throw new Error('the document has no account to call for help with');
  return base.includes('\r\n') ? body.replaceAll(/\r?\n/g, '\r\n') : body;
}

/** Whether a document has the name of one of the accounts that the family's own has. */
function keepsAccount(body: string, base: string, view: MinimalView | FullView): boolean {
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
 * A view as a template sees it: plain data, without the time, for a document must not change
 * because that passes.
 */
export function variablesOf(view: MinimalView | FullView, base: string): Record<string, unknown> {
  const { at: _, ...variables } = view;
  return { ...variables, ...('raw' in view ? { raw: Object.fromEntries(view.raw) } : {}), base };
}
