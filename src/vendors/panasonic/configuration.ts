import { lineAccounts } from '../accounts.js';
import { writeFree } from '../free-parameters.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { numbered, valuesOf } from '../parameter-table.js';
import { plainServiceLine, serviceLine, serviceOf, shortDisplayText } from '../service-line.js';
import type { ConfigurationView, RenderedDocument } from '../vendor.js';
import { CLEARED, writeParameter } from './format.js';
import { type Line, lineTable } from './line-parameters.js';
import { modelOf, type PanasonicModel } from './models.js';
import {
  EMERGENCY_CALL,
  EMERGENCY_CALLS,
  ending,
  HANDSET,
  handsetNames,
  type Key,
  KEY,
  ownedParameters,
  phoneTable,
  POINTER,
  rawFault,
  toneTable,
} from './parameters.js';

/**
 * The first line of every file, of which the phone compares the beginning; it passes over a file
 * without it.
 */
const HEADER = '# Panasonic SIP Phone Standard Format File # DO NOT CHANGE THIS LINE!\r\n';
const OLD_HEADER = '# PCC Standard Format File # DO NOT CHANGE THIS LINE!\r\n';
/** A file ends with an empty line. */
const END = '\r\n';

/**
 * Either configuration: every parameter owned on the model, and free ones after them. Each line has
 * its key or its handset. The hotline is on in the minimal one alone.
 */
export function render(view: ConfigurationView): RenderedDocument {
  const model = modelOf(view.model);
  const lines = linesOf(view, model);
  const numbers = view.emergencyNumbers.slice(0, EMERGENCY_CALLS);
  const keys = keysOf(view, model).slice(0, model.flexibleKeys);
  const settings = joinSettings(
    valuesOf(phoneTable(model), [view, model]),
    valuesOf(toneTable(model), [view, model]),
    ...numbers.map((number, at) => valuesOf(EMERGENCY_CALL, [number], ending(at + 1))),
    ...lines.map((line, at) => valuesOf(lineTable(model), [line], ending(`_${at + 1}`))),
    ...keys.map((key, at) => valuesOf(KEY, [key, model.series], ending(at + 1))),
    handsetSettings(model, lines.length),
  );
  const free = writeFree(view, rawFault, CLEARED, writeParameter);
  return document(model, ownedParameters(model).write(settings) + free);
}

/** The file of a model, which says where a phone's own file is and leaves all else alone. */
export function renderPointer(name: string, publicUrl: string): RenderedDocument {
  const settings = [...valuesOf(POINTER, [publicUrl])];
  return document(modelOf(name), settings.map(([entry, value]) => writeParameter(entry, value)).join(''));
}

function document({ series }: PanasonicModel, lines: string): RenderedDocument {
  return {
    contentType: 'text/plain; charset=utf-8',
    body: (series === 'tgp5' ? OLD_HEADER : HEADER) + lines + END,
  };
}

function linesOf(view: ConfigurationView, model: PanasonicModel): Line[] {
  const service = serviceOf(view);
  if (service === null) {
    return lineAccounts(view, model.lines).map((line) => ({
      ...line,
      phoneNumber: line.sipUser,
      dialPlan: null,
      filtersSources: false,
    }));
  }
  // Of the older series no TLS is known.
  const isPlain = model.series === 'ut' || model.series === 'tgp5';
  return [
    {
      ...(isPlain ? plainServiceLine(service) : serviceLine(service)),
      displayName: model.handsets > 0 ? shortDisplayText(service) : service.displayText,
      phoneNumber: service.serviceNumber,
      // Complete as they are: the phone need not wait for another digit.
      dialPlan: 'lines' in view ? null : [view.serviceNumber, ...view.emergencyNumbers].join('|'),
      filtersSources: true,
    },
  ];
}

/** The lines' own keys, then the others; while a phone waits, one that dials the service. */
function keysOf(view: ConfigurationView, model: PanasonicModel): Key[] {
  if (!('lines' in view)) {
    const { serviceNumber: value } = view;
    return [
      { kind: 'line', label: '', value: '1' },
      { kind: 'speed-dial', label: `Auth ${value}`, value },
    ];
  }
  const labels =
    view.service === null
      ? view.lines.slice(0, model.lines).map(({ label }) => label)
      : [view.service.displayText];
  return [
    ...labels.map((label, at) => ({ kind: 'line', label, value: String(at + 1) }) as const),
    ...view.keys,
  ];
}

const flag = (isOn: boolean): string => (isOn ? '1' : '0');

/**
 * Which handset has which line, for which it rings and with which it dials: each its own, and the
 * first line where there are fewer lines than handsets. Nothing on desk phones.
 */
function handsetSettings(model: PanasonicModel, lines: number): Settings {
  const handsets = handsetNames(model).map((name, at) => ({ name, line: at < lines ? at + 1 : 1 }));
  if (handsets.length === 0) return new Map();
  const places = numbered(model.lines, (line) => line);
  return joinSettings(
    new Map(
      places.map((line) => [
        `INCOMING_CALL_GROUP_${line}`,
        handsets.map((handset) => flag(handset.line === line)).join(','),
      ]),
    ),
    ...handsets.map(({ name, line }) => {
      const own = places.map((place) => flag(place === line)).join(',');
      return valuesOf(HANDSET, [own], ending(`_${name}`));
    }),
  );
}
