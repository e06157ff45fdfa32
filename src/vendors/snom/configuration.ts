import { writeFree } from '../free-parameters.js';
import { joinSettings } from '../parameter-list.js';
import { valuesOf } from '../parameter-table.js';
import { accountsOf, serviceOf } from '../service-line.js';
import type { ConfigurationView, FullView, KeyView, RenderedDocument } from '../vendor.js';
import { escapeXml } from '../xml.js';
import { renderBase, writeBaseSetting } from './dect.js';
import { languageName, ofIndex, settingsFile } from './format.js';
import { type DeskModel, modelOf } from './models.js';
import { deskSettings, IDENTITY, PHONE, rawFault, writeDeskSetting } from './parameters.js';

export function render(view: ConfigurationView): RenderedDocument {
  const model = modelOf(view.model);
  if (model.kind === 'desk') return renderDesk(view, model);
  return renderBase(view, model, writeFree(view, rawFault, '', writeBaseSetting));
}

/**
 * Every setting and key owned on the model, each account with its key. The user's own phone book
 * stays in the full configuration and is emptied in the minimal one.
 */
function renderDesk(view: ConfigurationView, model: DeskModel): RenderedDocument {
  const service = serviceOf(view);
  const accounts = accountsOf(view, model.identities);
  const settings = joinSettings(
    valuesOf(PHONE, [view]),
    ...accounts.map((account, at) => {
      return valuesOf(IDENTITY, [account, service?.serviceNumber ?? account.sipUser], ofIndex(at + 1));
    }),
  );
  const keys = functionKeys(
    view,
    accounts.map(({ label }) => label),
  );
  return settingsFile(
    [
      '<phone-settings e="2">\n',
      deskSettings(model).write(settings),
      writeFree(view, rawFault, '', writeDeskSetting),
      '</phone-settings>\n<functionKeys e="2">\n',
      ...Array.from({ length: model.functionKeys }, (_, at) => keyAt(at, keys)),
      '</functionKeys>\n',
      ...('lines' in view ? downloads(view) : ['<tbook e="2" complete="true"></tbook>\n']),
    ].join(''),
  );
}

interface FunctionKey {
  /** The identity it belongs to, or the active one. */
  context: number | 'active';
  label: string;
  /** `line`, `speed <number>`, `blf <number>`, … */
  value: string;
}

const NO_KEY: FunctionKey = { context: 'active', label: '', value: 'none' };
const KEY_TYPES = { blf: 'blf', 'speed-dial': 'speed' } as const;

/**
 * The keys of the lines, then the others. These phones have no warm line, and an immediate hotline
 * would keep emergency numbers from being dialled: while a phone waits its first key dials the
 * service.
 */
function functionKeys(view: ConfigurationView, labels: readonly string[]): FunctionKey[] {
  if (!('lines' in view)) {
    const { serviceNumber } = view;
    return [{ context: 1, label: `Authenticate ${serviceNumber}`, value: `speed ${serviceNumber}` }];
  }
  const other = ({ kind, label, value, line }: KeyView): FunctionKey => ({
    context: line <= Math.min(labels.length, view.lines.length) ? line : 'active',
    label,
    value: `${KEY_TYPES[kind]} ${value}`,
  });
  return [...labels.map((label, at) => ({ context: at + 1, label, value: 'line' })), ...view.keys.map(other)];
}

/** Most keys of most documents are cleared; the text of those is made once. */
const clearedKeys: string[] = [];

function keyAt(index: number, keys: readonly FunctionKey[]): string {
  const key = keys[index];
  return key === undefined ? (clearedKeys[index] ??= keyText(index, NO_KEY)) : keyText(index, key);
}

function keyText(index: number, { context, label, value }: FunctionKey): string {
  return `<fkey idx="${index}" context="${context}" label="${escapeXml(label)}" perm="R">${escapeXml(value)}</fkey>\n`;
}

/** There is no way to take these back: what a phone has downloaded stays until it is reset. */
function downloads(view: FullView): string[] {
  const { languageUrl, serverTrust } = view;
  const texts: string[] = [];
  if (languageUrl !== null) {
    const language = `<language url="${escapeXml(languageUrl)}" name="${escapeXml(languageName(view))}"/>`;
    texts.push(`<gui-languages e="2">${language}</gui-languages>\n`);
  }
  if (serverTrust.caUrl !== null) {
    texts.push(`<certificates><certificate url="${escapeXml(serverTrust.caUrl)}"/></certificates>\n`);
  }
  return texts;
}
