import { primaryLanguage } from '../../domain/language.js';
import type { CodecName } from '../../domain/phone-settings.js';
import { LEFT, lookUp, type Row, type Table } from '../parameter-table.js';
import { SERVICE_CODECS, serviceOf } from '../service-line.js';
import { type ClockChange, clockOf, type SummerTime } from '../time-zone.js';
import type { ConfigurationView } from '../vendor.js';

/** Any number after the usual pause (RFC 3435 2.1.5). */
const ANY_NUMBER = ['xx.T', '*xx.T'];

/** The place of a codec in the order of preference; 0 switches it off. */
export function codecPlace(codec: CodecName): (view: ConfigurationView) => string | null {
  return (view) => {
    const isOfService = serviceOf(view) !== null && SERVICE_CODECS.includes(codec);
    const wished = 'lines' in view ? view.codecs : [];
    return String((isOfService ? SERVICE_CODECS : wished).indexOf(codec) + 1);
  };
}

/** Numbers that have no pattern of a digit map in them. */
export function dialable(numbers: readonly string[]): string[] {
  return numbers.filter((number) => /^[\d*#]+$/.test(number));
}

/**
 * While the phone waits, the service and emergency numbers are dialled at once. The phone's own map
 * knows the numbers of North America only.
 */
export function digitMap(view: ConfigurationView): string {
  const atOnce = 'lines' in view ? [] : dialable([...view.emergencyNumbers, view.serviceNumber]);
  return [...atOnce, ...ANY_NUMBER].join('|');
}

/** Summer time is always an hour; any other is set as the present offset. */
export function summerOf(view: ConfigurationView): SummerTime | null {
  const summer = clockOf(view)?.summer ?? null;
  return summer?.savedMinutes === 60 ? summer : null;
}

export function gmtOffset(view: ConfigurationView): string | null {
  const rules = clockOf(view);
  if (rules === null) return null;
  return String((summerOf(view) === null ? rules.presentMinutes : rules.offsetMinutes) * 60);
}

/** `date` 1, 8, 15 or 22 means the first to the fourth of the weekday, of which 1 is Sunday. */
export function changeRows(name: string, which: 'start' | 'end'): Table<[ConfigurationView]> {
  const row = (value: (change: ClockChange) => number): Row<[ConfigurationView]> => [
    LEFT,
    (view) => {
      const change = summerOf(view)?.[which];
      return change === undefined ? null : String(value(change));
    },
  ];
  const prefix = `tcpIpApp.sntp.daylightSavings.${name}`;
  return {
    [`${prefix}.month`]: row(({ month }) => month),
    [`${prefix}.date`]: row(({ week }) => (week === 5 ? 22 : (week - 1) * 7 + 1)),
    [`${prefix}.time`]: row(({ hour }) => hour),
    [`${prefix}.dayOfWeek`]: row(({ weekday }) => (weekday % 7) + 1),
    [`${prefix}.dayOfWeek.lastInMonth`]: row(({ week }) => (week === 5 ? 1 : 0)),
  };
}

const LANGUAGES: Record<string, string> = {
  da: 'Danish_Denmark',
  de: 'German_Germany',
  en: 'English_United_States',
  es: 'Spanish_Spain',
  fr: 'French_France',
  it: 'Italian_Italy',
  nb: 'Norwegian_Norway',
  nl: 'Dutch_Netherlands',
  no: 'Norwegian_Norway',
  pl: 'Polish_Poland',
  pt: 'Portuguese_Portugal',
  sv: 'Swedish_Sweden',
};

export function languageName(tag: string): string {
  return lookUp(LANGUAGES, primaryLanguage(tag)) ?? 'English_United_States';
}
