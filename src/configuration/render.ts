import type { DisplayText } from '../domain/display.js';
import type { FetchFacts } from '../store/fetch-lookup.js';
import type { RenderedDocument, Vendor } from '../vendors/vendor.js';
import type { OwnTemplates } from './own-templates.js';
import { fullView, minimalView, type ViewContext } from './views.js';

export interface RenderContext extends ViewContext {
  templates: OwnTemplates;
}

/** The phone that a document is for. */
export interface RenderedPhone {
  facts: FetchFacts;
  vendor: Vendor;
  /** As an administrator entered it, else as the phone says. */
  model: string | null;
}

/** The decision which of the two configurations it gets. */
export type Served =
  { kind: 'full'; tokenId: string } | { kind: 'minimal'; tokenId: string; displayText: DisplayText };

/**
 * The document for a phone: its family's own, or that of an operator's template.
 */
export function renderConfiguration(
  context: RenderContext,
  { facts, vendor, model }: RenderedPhone,
  served: Served,
): RenderedDocument {
  return served.kind === 'full'
    ? context.templates.renderFull(vendor, fullView(context, facts, model, served.tokenId))
    : context.templates.renderMinimal(
        vendor,
        minimalView(context, facts, model, served.tokenId, served.displayText),
      );
}
