import type { Logger } from 'pino';
import type { Template } from 'liquidjs';
import type { VendorId } from '../domain/vendor-id.js';
import type { FullView, MinimalView, RenderedDocument, Vendor } from '../vendors/vendor.js';
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
 * What operators put in a family's place, or add to it (docs/templates.md). A template is given the view and, as `base`, the document that the
 * family itself writes of it; that of the minimal configuration has nothing else to take from, so it can tell nothing that the full one keeps.
 * One that fails with the view of some phone is left out for that phone: it gets what the family writes.
 */
export class OwnTemplates {
  readonly #failed = new Set<OwnTemplate>();

  constructor(
    private readonly byVendor: ReadonlyMap<VendorId, VendorTemplates>,
    private readonly log: Logger,
  ) {}

  renderMinimal(vendor: Vendor, view: MinimalView): RenderedDocument {
    const base = vendor.renderMinimal(view);
    return this.#render(vendor, 'minimal.liquid', base, () => variablesOf(view, base.body));
  }

  renderFull(vendor: Vendor, view: FullView): RenderedDocument {
    const base = vendor.renderFull(view);
    return this.#render(vendor, 'full.liquid', base, () => variablesOf(view, base.body));
  }

  #render(
    vendor: Vendor,
    name: TemplateName,
    base: RenderedDocument,
    variables: () => object,
  ): RenderedDocument {
    const own = this.byVendor.get(vendor.id)?.[name];
    if (own === undefined) return base;
    try {
      return { ...base, body: applyTemplate(own, base.body, variables()) };
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

/** The document that a template makes; with the line ends of the family's own. */
export function applyTemplate({ engine, template }: OwnTemplate, base: string, variables: object): string {
  const body = engine.render(template, variables);
  // A file that was only made so far; with nothing in it, phones would never come back.
  if (body.trim() === '') throw new Error('the document is empty');
  return base.includes('\r\n') ? body.replaceAll(/\r?\n/g, '\r\n') : body;
}

/** A view as a template sees it: plain data. */
export function variablesOf(view: MinimalView | FullView, base: string): Record<string, unknown> {
  return { ...view, ...('raw' in view ? { raw: Object.fromEntries(view.raw) } : {}), base };
}
