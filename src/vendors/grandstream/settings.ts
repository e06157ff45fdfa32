import { primaryLanguage } from '../../domain/language.js';
import type { CodecName } from '../../domain/phone-settings.js';
import { hostPort } from '../../domain/host.js';
import type { Settings } from '../parameter-list.js';
import type { CommonView, FullView, LineView } from '../vendor.js';
import type { AccountEntry, AccountValues } from './account-values.js';
import { clockSettings } from './clock.js';
import type { KeyValues } from './key-values.js';
import type { GrandstreamModel } from './models.js';

/** Below it the phone takes an hour all the same. */
const SHORTEST_CHECK_MINUTES = 60;

/** The parameters that both configurations set alike. */
export function commonSettings(view: CommonView, model: GrandstreamModel): Settings {
  const minutes = Math.max(SHORTEST_CHECK_MINUTES, Math.round(view.refreshSeconds / 60));
  return new Map([
    ['P2', view.phonePassword],
    ['P196', view.phonePassword],
    ...serverSettings(view.provisioningUrl),
    // Every so many minutes: the same wish has another number on either kind.
    ['P194', model.kind === 'phone' ? '1' : '3'],
    ['P193', String(minutes)],
    ['P30', view.ntpServer],
    ...clockSettings(view),
    ...(model.kind === 'phone' ? phoneSettings(view) : adapterSettings(view)),
  ]);
}

function phoneSettings(view: CommonView): [string, string][] {
  return [
    ['P1362', languageName(view.language)],
    ['P8385', view.emergencyNumbers.join(',')],
  ];
}

/** They show nothing, and their voice speaks what their firmware has. */
function adapterSettings(view: CommonView): [string, string][] {
  return [['P28113', view.phonePassword]];
}

/**
 * Where the phone asks: how, and host and path without a slash at the end, to which it adds one and
 * the file.
 */
export function serverSettings(url: string): [string, string][] {
  return [
    ['P212', protocolOf(url)],
    ['P237', hostAndPath(url)],
  ];
}

export function protocolOf(url: string): '1' | '2' {
  return /^https:/i.test(url) ? '2' : '1';
}

export function hostAndPath(url: string): string {
  return url.replace(/^[a-z]+:\/\//i, '').replace(/\/+$/, '');
}

export interface AccountSettings extends LineView {
  expiresSeconds: number;
  codecs: readonly CodecName[];
  srtp: FullView['srtp'];
  /** Whether the certificate of a server reached over TLS is verified. */
  verify: boolean;
}

const TRANSPORTS = { udp: '0', tcp: '1', tls: '2' } as const;
const SRTP_MODES = { off: '0', optional: '1', required: '2' } as const;

/**
 * What these P-values can say of an account: on the larger adapters a profile says where it is, and
 * a port who.
 */
export function accountSettings(values: AccountValues, account: AccountSettings): Settings {
  const verify = account.verify && account.transport === 'tls' ? '1' : '0';
  const entries: Partial<Record<AccountEntry, string>> = {
    active: '1',
    name: account.label,
    server: hostPort(account),
    proxy: account.outboundProxy === null ? '' : hostPort(account.outboundProxy),
    user: account.sipUser,
    authUser: account.authUser,
    password: account.password,
    displayName: account.displayName,
    register: '1',
    expires: String(Math.max(1, Math.round(account.expiresSeconds / 60))),
    transport: TRANSPORTS[account.transport],
    dnsMode: (account.outboundProxy ?? account).port === null ? '1' : '0',
    natTraversal: '2',
    // Where the signalling that carries its keys is encrypted, and only if the other side takes it.
    srtp: SRTP_MODES[account.srtp ?? (account.transport === 'tls' ? 'optional' : 'off')],
    checkServerName: verify,
    checkServerChain: verify,
  };
  return new Map([...entrySettings(values, entries), ...codecSettings(values, account.codecs)]);
}

/** Some entries of an account; what these P-values do not have is passed over. */
export function entrySettings(
  values: AccountValues,
  entries: Partial<Record<AccountEntry, string>>,
): [string, string][] {
  return Object.entries(entries).flatMap(([entry, value]): [string, string][] => {
    const number = values.entries[entry as AccountEntry];
    return number === undefined ? [] : [[`P${number}`, value]];
  });
}

/** Payload types; those of Opus and of what else is dynamic are the phone's own numbers. */
const CODECS: Record<CodecName, string> = { pcmu: '0', pcma: '8', g722: '9', g729: '18', opus: '123' };

/** Every choice has to be some codec: the last one wished for fills up the rest. */
function codecSettings(values: AccountValues, codecs: readonly CodecName[]): [string, string][] {
  return values.codecs.flatMap((number, at): [string, string][] => {
    const codec = codecs[at] ?? codecs.at(-1);
    return codec === undefined ? [] : [[`P${number}`, CODECS[codec]]];
  });
}

/** A key that does not belong to a line by itself. */
export function keySettings(
  key: KeyValues,
  wish: { mode: string; line: number; label: string; value: string },
): [string, string][] {
  return [
    [`P${key.mode}`, wish.mode],
    [`P${key.account}`, String(wish.line - 1)],
    [`P${key.label}`, wish.label],
    [`P${key.value}`, wish.value],
  ];
}

const LANGUAGES = new Set([
  'de',
  'en',
  'es',
  'fr',
  'he',
  'hr',
  'hu',
  'it',
  'ja',
  'ko',
  'nl',
  'pl',
  'pt',
  'ru',
  'tr',
]);

function languageName(tag: string): string {
  const language = primaryLanguage(tag);
  return LANGUAGES.has(language) ? language : 'en';
}
