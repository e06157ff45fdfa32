/**
 * How a phone of each family reads its clock out of a configuration, and what time it then shows.
 */

/**
 * On the nth (5: the last) weekday (0: Sunday) of a month, at so many minutes after midnight of the
 * time in force until then.
 */
interface Change {
  month: number;
  nth: number;
  weekday: number;
  minutes: number;
}

export interface PhoneClock {
  offsetMinutes: number;
  summer: { savedMinutes: number; start: Change; end: Change } | null;
}

type Read = (name: string) => string | undefined;

const MINUTE = 60_000;

/** The offset from UTC that a phone shows at an instant, in minutes. */
export function shownOffset({ offsetMinutes, summer }: PhoneClock, instant: number): number {
  // Without a sign on zero.
  if (summer === null) return offsetMinutes + 0;
  const year = new Date(instant + offsetMinutes * MINUTE).getUTCFullYear();
  const start = wall(summer.start, year) - offsetMinutes * MINUTE;
  const end = wall(summer.end, year) - (offsetMinutes + summer.savedMinutes) * MINUTE;
  const isSummer = start < end ? instant >= start && instant < end : instant >= start || instant < end;
  return offsetMinutes + (isSummer ? summer.savedMinutes : 0);
}

function wall({ month, nth, weekday, minutes }: Change, year: number): number {
  const ofMonth: number[] = [];
  for (let day = 1; day <= 31; day++) {
    const date = new Date(Date.UTC(year, month - 1, day));
    if (date.getUTCMonth() === month - 1 && date.getUTCDay() === weekday) ofMonth.push(date.getTime());
  }
  return (nth === 5 ? ofMonth.at(-1)! : ofMonth[nth - 1]!) + minutes * MINUTE;
}

function numbers(text: string): number[] {
  return [...text.matchAll(/-?\d+/g)].map(([digits]) => Number(digits));
}

/** `+5:30`, `-03:30`, `+01:00`. */
function offset(text: string): number {
  const [, sign, hours = '0', minutes = '0'] = /([+-]?)(\d+)(?::(\d+))?/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function yealink(read: Read): PhoneClock {
  const change = (text: string): Change => {
    const [month = 0, nth = 0, weekday = 0, hour = 0] = numbers(text);
    return { month, nth, weekday: weekday % 7, minutes: hour * 60 };
  };
  const isOn = read('local_time.summer_time') === '1';
  return {
    offsetMinutes: offset(read('local_time.time_zone')!),
    summer: isOn
      ? {
          savedMinutes: Number(read('local_time.offset_time')),
          start: change(read('local_time.start_time')!),
          end: change(read('local_time.end_time')!),
        }
      : null,
  };
}

function snom(read: Read): PhoneClock {
  const [saved, start, startTime, end, endTime] = read('dst')!.split(' ');
  const change = (date = '', time = ''): Change => {
    const [month = 0, nth = 0, weekday = 0] = numbers(date);
    const [hour = 0, minute = 0] = numbers(time);
    return { month, nth, weekday: weekday % 7, minutes: hour * 60 + minute };
  };
  return {
    offsetMinutes: Number(read('utc_offset')) / 60,
    summer:
      end === undefined
        ? null
        : { savedMinutes: Number(saved) / 60, start: change(start, startTime), end: change(end, endTime) },
  };
}

function poly(read: Read): PhoneClock {
  const get = (name: string): string => read(`tcpIpApp.sntp.${name}`)!;
  const change = (name: string): Change => {
    const of = (entry: string): number => Number(get(`daylightSavings.${name}.${entry}`));
    const nth = of('dayOfWeek.lastInMonth') === 1 ? 5 : (of('date') - 1) / 7 + 1;
    return { month: of('month'), nth, weekday: of('dayOfWeek') - 1, minutes: of('time') * 60 };
  };
  return {
    offsetMinutes: Number(get('gmtOffset')) / 60,
    summer:
      get('daylightSavings.enable') === '1'
        ? { savedMinutes: 60, start: change('start'), end: change('stop') }
        : null,
  };
}

/** `start=3/-1/7/2;end=10/-1/7/3;save=1`: weekday 7 on or after a day, or the last one. */
function ciscoRule(rule: string): PhoneClock['summer'] {
  if (rule === '') return null;
  const [, start = '', end = '', saved = ''] = /^start=(.*);end=(.*);save=(.*)$/.exec(rule) ?? [];
  const change = (text: string): Change => {
    const [month = 0, day = 0, weekday = 0, hour = 0, minute = 0] = numbers(text);
    const nth = day === -1 ? 5 : (day - 1) / 7 + 1;
    return { month, nth, weekday: weekday % 7, minutes: hour * 60 + minute };
  };
  const [hours = 0, minutes = 0] = numbers(saved);
  return { savedMinutes: hours * 60 + minutes, start: change(start), end: change(end) };
}

function cisco(read: Read): PhoneClock {
  const summer = ciscoRule(read('Daylight_Saving_Time_Rule') ?? '');
  return { offsetMinutes: offset(read('Time_Zone')!.replace('GMT', '')), summer };
}

/** Of the router part: `-03.5 1 1` is an offset in hours, and which place's rule. */
function ciscoRouter(read: Read): PhoneClock {
  const [hours] = read('router-configuration/Time_Setup/Time_Zone')!.split(' ');
  const rule = read('router-configuration/Time_Setup/Daylight_Saving_Time_Rule') ?? '';
  const isOn = read('router-configuration/Time_Setup/Auto_Adjust_Clock') === '1';
  return { offsetMinutes: Number(hours) * 60, summer: isOn ? ciscoRule(rule) : null };
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKS = ['first', 'second', 'third', 'fourth', 'last'];
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

function patton(_read: Read, commands: readonly string[]): PhoneClock {
  const standard = commands.find((command) => command.startsWith('clock local default-offset '))!;
  const rule = /^clock local dst-rule SUMMER (\S+) from (.+) until (.+)$/;
  const [, summer, from, until] = commands.map((command) => rule.exec(command)).find(Boolean) ?? [];
  const change = (text: string): Change => {
    const [time = '', month = '', week = '', weekday = ''] = text.split(' ');
    const minutes = offset(time);
    return {
      month: MONTHS.indexOf(month) + 1,
      nth: WEEKS.indexOf(week) + 1,
      weekday: WEEKDAYS.indexOf(weekday),
      minutes,
    };
  };
  const offsetMinutes = offset(standard.split(' ').at(-1)!);
  if (summer === undefined || from === undefined || until === undefined)
    return { offsetMinutes, summer: null };
  const savedMinutes = offset(summer) - offsetMinutes;
  return { offsetMinutes, summer: { savedMinutes, start: change(from), end: change(until) } };
}

/** POSIX.1, 8.3: `MTZ-1MDT-2,M3.5.0/02:00:00,M10.5.0/03:00:00`; what is to be added to get UTC. */
function grandstream(read: Read): PhoneClock {
  const zone = read('P246')!;
  const [, standard = '', summer, start, end] = /^MTZ([-+\d:]+)(?:MDT([-+\d:]+),(.*),(.*))?$/.exec(zone)!;
  const change = (text: string): Change => {
    const [month = 0, nth = 0, weekday = 0, hour = 0, minute = 0] = numbers(text.replaceAll('.', ' '));
    return { month, nth, weekday, minutes: hour * 60 + minute };
  };
  const offsetMinutes = -offset(standard);
  if (summer === undefined || start === undefined || end === undefined)
    return { offsetMinutes, summer: null };
  const savedMinutes = -offset(summer) - offsetMinutes;
  return { offsetMinutes, summer: { savedMinutes, start: change(start), end: change(end) } };
}

function fanvil(read: Read): PhoneClock {
  const get = (name: string): number => Number(read(`phone/date/${name}`));
  const change = (name: string): Change => {
    const week = get(`${name}Week`);
    return {
      month: get(`${name}Mon`),
      nth: week === -1 ? 5 : week,
      weekday: get(`${name}Wday`),
      minutes: get(`${name}Hour`) * 60,
    };
  };
  return {
    offsetMinutes: get('TimeZone') * 15,
    summer:
      get('EnableDST') === 2
        ? { savedMinutes: get('DSTMinOffset'), start: change('DSTStart'), end: change('DSTEnd') }
        : null,
  };
}

function panasonic(read: Read): PhoneClock {
  const change = (name: string): Change => {
    const get = (entry: string): number => Number(read(`DST_${name}_${entry}`));
    return {
      month: get('MONTH'),
      nth: get('ORDINAL_DAY'),
      weekday: get('DAY_OF_WEEK'),
      minutes: get('TIME'),
    };
  };
  return {
    offsetMinutes: Number(read('TIME_ZONE')),
    summer:
      read('DST_ENABLE') === 'Y'
        ? { savedMinutes: Number(read('DST_OFFSET')), start: change('START'), end: change('STOP') }
        : null,
  };
}

/** By family; an ATA has two clocks. */
export const READERS: Readonly<Record<string, (read: Read, commands: readonly string[]) => PhoneClock>> = {
  yealink,
  snom,
  poly,
  cisco,
  ciscoRouter,
  patton,
  grandstream,
  fanvil,
  panasonic,
};
