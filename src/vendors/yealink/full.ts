import { joinSettings, type Settings } from '../parameter-list.js';
import { shortLabel } from '../short-display.js';
import type { FullView, LineView, RenderedDocument } from '../vendor.js';
import { writeConfiguration } from './format.js';
import { modelOf, type YealinkModel } from './models.js';
import { accountSettings, commonSettings, handsetSettings, lineKeySettings } from './settings.js';

const EXPIRES_SECONDS = 600;

/** As many lines as the model has accounts, each with its key or its handset; the hotline is off. */
export function renderFull(view: FullView): RenderedDocument {
  const model = modelOf(view.model);
  const settings = joinSettings(
    commonSettings(view),
    ...view.lines.slice(0, model.accounts).map((line, at) => lineSettings(at + 1, line, model)),
  );
  return writeConfiguration(model, settings);
}

function lineSettings(number: number, line: LineView, model: YealinkModel): Settings {
  return joinSettings(
    accountSettings(number, {
      ...line,
      expiresSeconds: EXPIRES_SECONDS,
      codecs: ['g722', 'pcma', 'pcmu'],
    }),
    number <= model.lineKeys ? lineKeySettings(number, number, line.label) : new Map(),
    number <= model.handsets ? handsetSettings(number, shortLabel(line.label), number) : new Map(),
  );
}
