import { headerName, isListHeader } from './header-names.js';
import { splitOutsideQuotes } from './params.js';

interface Field {
  readonly key: string;
  readonly name: string;
  value: string;
}

/** What a header collection can be made from. An undefined value leaves the header out. */
export type HeadersInit =
  | SipHeaders
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, string | number | readonly string[] | undefined>>;

/**
 * The header fields of a message, in order. Names are case-insensitive and compact forms equal long
 * ones; the order of fields of the same name is kept (RFC 3261 7.3.1). Values are raw text, parsed
 * where they are used.
 */
export class SipHeaders {
  #fields: Field[] = [];

  constructor(init?: HeadersInit) {
    if (init === undefined) return;
    if (init instanceof SipHeaders) {
      this.#fields = init.#fields.map((field) => ({ ...field }));
    } else if (Symbol.iterator in init) {
      for (const [name, value] of init as Iterable<readonly [string, string]>) this.add(name, value);
    } else {
      for (const [name, value] of Object.entries(init)) {
        if (value === undefined) continue;
        for (const one of Array.isArray(value) ? value : [value]) this.add(name, String(one));
      }
    }
  }

  /** Number of fields (lines), not of values. */
  get size(): number {
    return this.#fields.length;
  }

  has(name: string): boolean {
    const { key } = headerName(name);
    return this.#fields.some((field) => field.key === key);
  }

  /** The first field of that name, whole: a list in one line comes back as that line. */
  get(name: string): string | undefined {
    const { key } = headerName(name);
    for (const field of this.#fields) if (field.key === key) return field.value;
    return undefined;
  }

  /**
   * Every value in order; comma lists are split where the grammar of that header allows them (Via,
   * Route, Contact, …).
   */
  all(name: string): string[] {
    const { key } = headerName(name);
    const values: string[] = [];
    for (const field of this.#fields) {
      if (field.key !== key) continue;
      if (isListHeader(key)) values.push(...splitOutsideQuotes(field.value, ','));
      else values.push(field.value);
    }
    return values;
  }

  /** The topmost single value: the first of {@link all}, without splitting the rest. */
  first(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined || !value.includes(',') || !isListHeader(headerName(name).key)) return value;
    return splitOutsideQuotes(value, ',')[0];
  }

  /** Replaces all fields of that name, at the place of the first one; an empty list deletes. */
  set(name: string, value: string | number | readonly string[]): this {
    const { key, name: written } = headerName(name);
    const values = Array.isArray(value) ? (value as readonly string[]) : [String(value)];
    const fresh = values.map((one) => ({ key, name: written, value: oneLine(one) }));
    const at = this.#fields.findIndex((field) => field.key === key);
    if (at < 0) {
      this.#fields.push(...fresh);
      return this;
    }
    const rest = this.#fields.filter((field, index) => index < at || field.key !== key);
    rest.splice(at, 0, ...fresh);
    this.#fields = rest;
    return this;
  }

  /** Appends a field at the end. */
  add(name: string, value: string | number): this {
    const { key, name: written } = headerName(name);
    this.#fields.push({ key, name: written, value: oneLine(String(value)) });
    return this;
  }

  /**
   * Puts a field in front of all others of that name (of everything, when there is none): Via,
   * Record-Route.
   */
  prepend(name: string, value: string): this {
    const { key, name: written } = headerName(name);
    const at = this.#fields.findIndex((field) => field.key === key);
    this.#fields.splice(Math.max(at, 0), 0, { key, name: written, value: oneLine(value) });
    return this;
  }

  /** Replaces the topmost value and leaves the others: the stamping of `received` into a Via. */
  replaceFirst(name: string, value: string): this {
    this.removeFirst(name);
    return this.prepend(name, value);
  }

  /** Takes the topmost value away and returns it: what a proxy does to Via and Route. */
  removeFirst(name: string): string | undefined {
    const { key } = headerName(name);
    const at = this.#fields.findIndex((field) => field.key === key);
    const field = this.#fields[at];
    if (field === undefined) return undefined;
    const [first, ...rest] = isListHeader(key) ? splitOutsideQuotes(field.value, ',') : [field.value];
    if (rest.length === 0) this.#fields.splice(at, 1);
    else field.value = rest.join(', ');
    return first;
  }

  /** Removes all fields of that name; tells whether there were any. */
  delete(name: string): boolean {
    const { key } = headerName(name);
    const before = this.#fields.length;
    this.#fields = this.#fields.filter((field) => field.key !== key);
    return this.#fields.length < before;
  }

  /** Fields in order, with the name as it goes onto the wire. */
  *entries(): IterableIterator<[name: string, value: string]> {
    for (const { name, value } of this.#fields) yield [name, value];
  }

  [Symbol.iterator](): IterableIterator<[name: string, value: string]> {
    return this.entries();
  }

  clone(): SipHeaders {
    return new SipHeaders(this);
  }
}

/**
 * A value is one line: a CR or LF in it would let its supplier add header fields (header
 * injection).
 */
function oneLine(value: string): string {
  return /[\r\n\0]/.test(value) ? value.replace(/[\r\n\0]+[ \t]*/g, ' ').trim() : value;
}
