import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { isLanguageTag } from '../domain/language.js';
import { type Prefix, parsePrefix } from '../domain/prefix.js';

export interface Environment {
  readonly [name: string]: string | undefined;
}

/** A server that the SIP application uses: where its control port is and what it wants to hear. */
export interface EngineEndpoint {
  host: string;
  port: number;
  secret: string;
}

const HOST_NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9_])?$/;

/** A setting as it was read, for people. */
export interface Setting {
  name: string;
  /** null: nothing, or a secret. */
  value: string | null;
  source: 'environment' | 'default';
  isSecret: boolean;
}

/** Without what may be a secret in a URL: its user and password (RFC 3986 3.2.1), a SIP password. */
function withoutPasswords(text: string): string {
  return text.replaceAll(/\/\/[^\s/,]*@/g, '//***@').replaceAll(/(sips?:[^\s@,:]*):[^\s,]*@/gi, '$1:***@');
}

/**
 * Reads single variables and remembers what was wrong with them. An empty variable counts as not
 * set.
 */
export class EnvironmentReader {
  readonly problems: string[] = [];
  private readonly read = new Map<string, Setting>();

  constructor(private readonly environment: Environment) {}

  /** Everything that was asked for, in that order. */
  get settings(): readonly Setting[] {
    return [...this.read.values()];
  }

  private take(name: string, fallback: string | number | null = null, isSecret = false): string | null {
    const text = this.environment[name]?.trim() ?? '';
    const isSet = text !== '';
    const shown = isSet ? withoutPasswords(text) : (fallback?.toString() ?? null);
    const source = isSet ? 'environment' : 'default';
    this.read.set(name, { name, value: isSecret ? null : shown, source, isSecret });
    return isSet ? text : null;
  }

  text<F extends string | null = null>(name: string, fallback: F = null as F): string | F {
    return this.take(name, fallback) ?? fallback;
  }

  /** Answered as an absolute path. */
  folder(name: string): string | null {
    const value = this.text(name);
    return value === null ? null : resolve(value);
  }

  /** A secret is never quoted back. */
  secret(name: string, atLeast: number): string | null {
    const value = this.take(name, null, true);
    if (value !== null && value.length < atLeast)
      this.problems.push(`${name}: ${atLeast} characters at least`);
    return value;
  }

  /**
   * A secret that comes in an HTTP header (RFC 6750): what cannot stand there could never be
   * presented.
   */
  bearer(name: string, atLeast: number): string | null {
    const value = this.secret(name, atLeast);
    if (value !== null && !/^[\x21-\x7e]{1,500}$/.test(value))
      this.problems.push(`${name}: ASCII letters, digits and signs without a space, 500 at most`);
    return value;
  }

  /** The name of an HTTP header (RFC 9110 5.1), as Node has it: in lower case. */
  header(name: string): string | null {
    const value = this.text(name);
    if (value === null || /^[\w!#$%&'*+.^`|~-]{1,100}$/.test(value)) return value?.toLowerCase() ?? null;
    this.problems.push(`${name}: the name of an HTTP header, not ${JSON.stringify(value)}`);
    return null;
  }

  port(name: string, fallback: number): number {
    const value = this.take(name, fallback);
    if (value === null) return fallback;
    if (isPort(value)) return Number(value);
    this.problems.push(`${name}: a port from 0 (any free one) to 65535, not ${JSON.stringify(value)}`);
    return fallback;
  }

  /** A whole number from 1 to a million. */
  count(name: string, fallback: number): number {
    const value = this.take(name, fallback);
    if (value === null) return fallback;
    if (/^[1-9]\d{0,6}$/.test(value) && Number(value) <= 1_000_000) return Number(value);
    this.problems.push(`${name}: a number from 1 to 1000000, not ${JSON.stringify(value)}`);
    return fallback;
  }

  /** Addresses and ranges of addresses, comma between. */
  prefixes(name: string): readonly Prefix[] {
    const texts = this.texts(name, isPrefix, 'addresses such as 192.0.2.7 or 10.0.0.0/8');
    return texts.flatMap((text) => parsePrefix(text) ?? []);
  }

  portRange(name: string, fallback: { from: number; to: number }): { from: number; to: number } {
    const value = this.take(name, `${fallback.from}-${fallback.to}`);
    if (value === null) return fallback;
    const [, from, to] = /^(\d{1,5})\s*-\s*(\d{1,5})$/.exec(value) ?? [];
    if (isPort(from) && isPort(to) && Number(from) > 0 && Number(from) < Number(to)) {
      return { from: Number(from), to: Number(to) };
    }
    this.problems.push(`${name}: a range such as 20000-20999, not ${JSON.stringify(value)}`);
    return fallback;
  }

  /** A host name or an IP address; an IPv6 one with or without brackets, answered without. */
  host<F extends string | null = null>(name: string, fallback: F = null as F): string | F {
    const value = this.take(name, fallback);
    if (value === null) return fallback;
    const host = hostOf(value);
    if (host === null)
      this.problems.push(`${name}: a host name or an IP address, not ${JSON.stringify(value)}`);
    return host ?? fallback;
  }

  /** Not quoted back, since it may hold a password. Without a slash at its end. */
  url(name: string): string | null {
    const value = this.text(name);
    if (value === null) return null;
    if (/^https?:\/\/[^/?#\s]+[^?#\s]*$/i.test(value) && URL.canParse(value))
      return value.replace(/\/+$/, '');
    this.problems.push(`${name}: an http or https URL without a query, such as https://phones.example`);
    return null;
  }

  /** Not quoted back, since it holds a password. */
  databaseUrl(name: string): string | null {
    const value = this.take(name, null, true);
    if (value === null) return null;
    if (/^postgres(?:ql)?:\/\//i.test(value) && URL.canParse(value)) return value;
    this.problems.push(`${name}: a URL such as postgres://user:password@host:5432/dialgate`);
    return null;
  }

  language(name: string, fallback: string): string {
    const value = this.text(name, fallback);
    if (!isLanguageTag(value))
      this.problems.push(`${name}: a language tag such as de, not ${JSON.stringify(value)}`);
    return value;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.take(name, fallback);
    if (value === null) return fallback;
    const found = allowed.find((one) => one === value);
    if (found === undefined)
      this.problems.push(`${name}: one of ${allowed.join(', ')}, not ${JSON.stringify(value)}`);
    return found ?? fallback;
  }

  /** A subset of the allowed words, comma between; all of them when not set. */
  list<T extends string>(name: string, allowed: readonly T[]): readonly T[] {
    const isAllowed = (word: string): boolean => allowed.some((one) => one === word);
    const words = this.texts(name, isAllowed, allowed.join(', '), allowed);
    return allowed.filter((one) => words.includes(one));
  }

  /** Texts with commas between. */
  texts(
    name: string,
    isValid: (text: string) => boolean,
    expected: string,
    fallback: readonly string[] = [],
  ): readonly string[] {
    const value = this.take(name, fallback.join(',') || null);
    if (value === null) return fallback;
    const texts = value.split(',').map((text) => text.trim());
    for (const text of texts) {
      if (!isValid(text))
        this.problems.push(`${name}: ${expected}, comma between; not ${JSON.stringify(text)}`);
    }
    return texts;
  }

  /**
   * `<PREFIX>_HOST` names one host or several (`host`, `host:port`, `[address]:port`); `_PORT` and
   * `_SECRET` are for all of them.
   */
  engines(prefix: string, fallbackPort: number, fallbackSecret: string): EngineEndpoint[] {
    const name = `${prefix}_HOST`;
    const port = this.port(`${prefix}_PORT`, fallbackPort);
    const secret = this.take(`${prefix}_SECRET`, null, true) ?? fallbackSecret;
    const entries = this.text(name)?.split(',') ?? [];
    return entries.flatMap((entry) => {
      const endpoint = endpointOf(entry.trim(), port);
      if (endpoint !== null) return [{ ...endpoint, secret }];
      this.problems.push(`${name}: host or host:port, comma between; not ${JSON.stringify(entry.trim())}`);
      return [];
    });
  }
}

function isPrefix(text: string): boolean {
  return parsePrefix(text) !== null;
}

function endpointOf(entry: string, fallbackPort: number): { host: string; port: number } | null {
  // A bare IPv6 address is all colons: what follows the last one is no port.
  const [, name, ownPort] = isIP(entry) === 6 ? ['', entry] : (/^(.+?)(?::(\d{1,5}))?$/.exec(entry) ?? []);
  const host = name === undefined ? null : hostOf(name);
  if (host === null || (ownPort !== undefined && (!isPort(ownPort) || Number(ownPort) === 0))) return null;
  return { host, port: ownPort === undefined ? fallbackPort : Number(ownPort) };
}

function hostOf(text: string): string | null {
  const bracketed = /^\[(.+)\]$/.exec(text)?.[1];
  if (bracketed !== undefined) return isIP(bracketed) === 6 ? bracketed : null;
  return isIP(text) !== 0 || HOST_NAME.test(text) ? text : null;
}

function isPort(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}
