import { textsIn, type Language } from '../texts/texts.js';
import { EVENTS, type EventTexts } from '../texts/events.js';
import type { ApiEvent } from '../live/live.js';

/** What an event says in one sentence, and what stands beside it in small. */
export interface Sentence {
  text: string;
  detail: string;
}

/**
 * The one place that puts events into words: of a device’s timeline, the audit log and the
 * overview.
 */
export function sentenceOf(event: ApiEvent, language: Language): Sentence {
  const t = textsIn(language, EVENTS);
  const facts = { ...event, ...factsOf(event.data) };
  // A newer Dialgate may write a type that this page, loaded before, does not know.
  const say = event.type in t ? t[event.type] : () => event.type;
  return { text: say(facts), detail: detailOf(event, facts, t) };
}

/** An event with what its `data` says, as texts and numbers. */
export interface Facts extends ApiEvent {
  text: (name: string) => string;
  number: (name: string) => number;
}

function factsOf(data: ApiEvent['data']): Pick<Facts, 'text' | 'number'> {
  return {
    text: (name) => {
      const value = data[name];
      return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    },
    number: (name) => Number(data[name] ?? 0),
  };
}

function detailOf(event: ApiEvent, facts: Facts, t: EventTexts): string {
  const repeated = facts.number('repeated');
  return [
    event.actor !== 'phone' && event.actor !== 'system' ? t.by(event.actor) : '',
    facts.text('reason') !== '' && event.type.startsWith('config.') ? t.reason(facts.text('reason')) : '',
    facts.text('because') !== '' ? t.reason(facts.text('because')) : '',
    event.address === null || event.type.startsWith('config.') ? '' : t.from(event.address),
    repeated > 0 ? t.repeated(repeated) : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
