import type { EventFormat } from './esl-frame.js';
import type { EslEvent } from './events.js';

/** More than any client needs: of names, of subclasses, of filters. */
const MAX_ENTRIES = 1000;

interface Filter {
  readonly header: string;
  readonly value: string;
}

/** Which events one client wants: the commands `event`, `nixevent`, `noevents` and `filter`. */
export class Subscription {
  format: EventFormat = 'plain';
  readonly #names = new Set<string>();
  /** Subclasses of CUSTOM. */
  readonly #subclasses = new Set<string>();
  #filters: Filter[] = [];

  wants(name: string): boolean {
    return this.#names.has('ALL') || this.#names.has(name);
  }

  /** Several filters widen, they do not narrow: an event passes that matches any. */
  passes(event: EslEvent): boolean {
    if (event['Event-Name'] === 'CUSTOM' && !this.#names.has('ALL')) {
      const subclass = event['Event-Subclass'];
      if (subclass === undefined || !this.#subclasses.has(subclass)) return false;
    }
    return this.#filters.length === 0 || this.#filters.some(({ header, value }) => event[header] === value);
  }

  /**
   * `event [plain|json] <names>`; what follows CUSTOM is a subclass, event names included. Answers
   * the reply text.
   */
  add(words: readonly string[]): string {
    const [first = ''] = words;
    const named = /^(plain|json|xml)$/i.test(first);
    if (/^xml$/i.test(first)) return '-ERR only plain and json events are made here';
    if (named) this.format = /^json$/i.test(first) ? 'json' : 'plain';
    const { names, subclasses } = sortOut(named ? words.slice(1) : words);
    if (names.length === 0) return '-ERR no keywords supplied';
    if (this.#names.size + this.#subclasses.size + words.length > MAX_ENTRIES) return '-ERR too many events';
    for (const name of names) this.#names.add(name);
    for (const subclass of subclasses) this.#subclasses.add(subclass);
    return `+OK event listener enabled ${this.format}`;
  }

  /** `nixevent <names>` */
  remove(words: readonly string[]): string {
    const { names, subclasses } = sortOut(words);
    if (names.length === 0) return '-ERR no keywords supplied';
    for (const name of names) if (name !== 'CUSTOM' || subclasses.length === 0) this.#names.delete(name);
    for (const subclass of subclasses) this.#subclasses.delete(subclass);
    if (names.includes('ALL')) this.#names.clear();
    return '+OK events nixed';
  }

  /** `noevents` */
  clear(): string {
    if (this.#names.size === 0) return '-ERR not listening for events';
    this.#names.clear();
    this.#subclasses.clear();
    return '+OK no longer listening for events';
  }

  /** `filter <header> <value>`, `filter delete <header> [<value>]`, `filter delete all` */
  filter(words: readonly string[]): string {
    const [first = '', ...rest] = words;
    if (/^delete$/i.test(first) && rest.length > 0) return this.#deleteFilter(rest);
    const [header = '', ...value] = /^add$/i.test(first) ? rest : words;
    if (value.length === 0) return '-ERR invalid syntax';
    if (this.#filters.length >= MAX_ENTRIES) return '-ERR too many filters';
    this.#filters.push({ header, value: value.join(' ') });
    return `+OK filter added. [${header}]=[${value.join(' ')}]`;
  }

  #deleteFilter([header = '', ...words]: readonly string[]): string {
    const value = words.join(' ');
    this.#filters = /^all$/i.test(header)
      ? []
      : this.#filters.filter(
          (filter) => filter.header !== header || (value !== '' && filter.value !== value),
        );
    return `+OK filter deleted. [${header}][${value}]`;
  }
}

function sortOut(words: readonly string[]): { names: string[]; subclasses: string[] } {
  const upper = words.map((word) => word.toUpperCase());
  const custom = upper.indexOf('CUSTOM');
  const names = custom < 0 ? upper : upper.slice(0, custom + 1);
  // Names may be given as their constants in the C source are called: SWITCH_EVENT_PLAYBACK_START.
  return {
    names: names.map((name) => name.replace(/^SWITCH_EVENT_/, '')),
    subclasses: custom < 0 ? [] : words.slice(custom + 1),
  };
}
