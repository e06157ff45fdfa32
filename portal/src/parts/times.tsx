import { useEffect, useState } from 'react';
import { type Language, localeOf, useLanguage } from '../texts/texts.js';

/** The present, again every `everyMs`: for countdowns and for “12 s ago”. */
export function useNow(everyMs = 1000): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** “12s ago”, “in 3h”. */
export function relative(language: Language, at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const);
  return new Intl.RelativeTimeFormat(localeOf(language), { numeric: 'always', style: 'narrow' }).format(
    Math.trunc(seconds / size),
    unit,
  );
}

export function absolute(language: Language, at: Date): string {
  return new Intl.DateTimeFormat(localeOf(language), { dateStyle: 'medium', timeStyle: 'medium' }).format(at);
}

/** The time of day, or the day and the time where it is not today's. */
export function shortTime(language: Language, at: Date, now: Date): string {
  const isToday = at.toDateString() === now.toDateString();
  return new Intl.DateTimeFormat(localeOf(language), {
    hour: '2-digit',
    minute: '2-digit',
    ...(isToday ? { second: '2-digit' } : { day: 'numeric', month: 'short' }),
  }).format(at);
}

/** A time of the API beside how long ago it is. */
export function When({ at, both = false }: { at: string; both?: boolean }) {
  const language = useLanguage();
  const now = useNow(both ? 1000 : 5000);
  const date = new Date(at);
  return (
    <time dateTime={at} title={absolute(language, date)}>
      {relative(language, date, now)}
      {both && <span className="muted"> · {shortTime(language, date, now)}</span>}
    </time>
  );
}

/** Only the time, as in a log. */
export function At({ at }: { at: string }) {
  const language = useLanguage();
  const date = new Date(at);
  return (
    <time dateTime={at} title={absolute(language, date)}>
      {shortTime(language, date, new Date())}
    </time>
  );
}

/** What is left until a time, ticking: `29:41`, `3:07:00`. */
export function Countdown({ until }: { until: string }) {
  const now = useNow();
  const left = Math.max(0, Math.round((new Date(until).getTime() - now.getTime()) / 1000));
  const parts = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  const shown = (parts[0] === 0 ? parts.slice(1) : parts).map((part, index) =>
    index === 0 ? String(part) : String(part).padStart(2, '0'),
  );
  return <time dateTime={until}>{shown.join(':')}</time>;
}
