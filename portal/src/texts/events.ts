import type { Facts } from '../events/sentence.js';
import type { ApiEvent } from '../live/live.js';
import { type Language, texts } from './texts.js';

type Say = (event: Facts) => string;
const sum = (minutes: number) => Math.max(1, Math.round(minutes));
/** Minutes from an event until a time that its data names. */
const minutesUntil = (event: Facts, name: string) =>
  sum((new Date(event.text(name)).getTime() - new Date(event.at).getTime()) / 60_000);
const list = (event: Facts, name: string) => {
  const value = event.data[name];
  return Array.isArray(value) ? value.join(', ') : '';
};

const REASONS_DE: Record<string, string> = {
  needed: 'Authentifizierung nötig',
  failed: 'gesperrt nach falschen PINs',
  blocked: 'dauerhaft gesperrt',
  successful: 'ein anderes Telefon als das bewiesene',
  unauthorized: 'noch nicht freigegeben',
  mismatch: 'die Anfrage nennt mehrere Telefone',
  token: 'es hat sich bewiesen',
  suspension: 'Authentifizierung ausgesetzt',
  network: 'vertrautes Netz',
  'temporary-network': 'vorübergehend vertrautes Netz',
  window: 'im Freigabezeitraum',
  open: 'die Richtlinie verlangt keinen Beweis',
  'not-enforced': 'die Richtlinie beobachtet nur',
};
const REASONS_EN: Record<string, string> = {
  needed: 'authentication needed',
  failed: 'locked after wrong PINs',
  blocked: 'blocked',
  successful: 'another phone than the proven one',
  unauthorized: 'not approved yet',
  mismatch: 'the request names several phones',
  token: 'it has proved itself',
  suspension: 'authentication suspended',
  network: 'trusted network',
  'temporary-network': 'network trusted for a while',
  window: 'within the approval window',
  open: 'the policy asks for no proof',
  'not-enforced': 'the policy only observes',
};
/** Why a phone is served what it is served, in words. */
export function reasonIn(language: Language, reason: string): string {
  return (language === 'de' ? REASONS_DE : REASONS_EN)[reason] ?? reason;
}

const BY_EN: Record<string, string> = {
  pap: 'Right PIN: authenticated',
  code: 'Right code: authenticated',
  network: 'Let in by a trusted network',
  suspension: 'Let in while authentication was suspended',
  window: 'Let in within its approval window',
  observation: 'Let in: the policy only observes',
};
const BY_DE: Record<string, string> = {
  pap: 'Richtige PIN: authentifiziert',
  code: 'Richtiger Code: authentifiziert',
  network: 'Durch ein vertrautes Netz eingelassen',
  suspension: 'Eingelassen, während die Authentifizierung ausgesetzt war',
  window: 'Im Freigabezeitraum eingelassen',
  observation: 'Eingelassen: die Richtlinie beobachtet nur',
};

/** A sentence for each type of event, and the words beside it. */
export type EventTexts = Record<ApiEvent['type'], Say> & {
  by: (actor: string) => string;
  reason: (reason: string) => string;
  from: (address: string) => string;
  repeated: (n: number) => string;
};

export const EVENTS = texts<EventTexts>({
  en: {
    by: (actor: string) => `by ${actor}`,
    reason: (reason) => reasonIn('en', reason),
    from: (address: string) => `from ${address}`,
    repeated: (n: number) => `${n} more since`,
    'device.created': (e) => `Created${e.text('model') === '' ? '' : ` as ${e.text('model')}`}`,
    'device.updated': (e) => `Changed: ${list(e, 'changed')}`,
    'device.deleted': () => 'Deleted',
    'device.knocked': (e) => `An unknown ${e.text('vendor')} phone asked for its configuration`,
    'device.failed': (e) => `Locked for ${minutesUntil(e, 'failedUntil')} minutes`,
    'device.needed': () => 'Open again',
    'device.blocked': () => 'Blocked. Only an administrator opens it',
    'device.authenticated': (e) => BY_EN[e.text('by')] ?? 'Authenticated',
    'device.token_missing': () => 'Came without the token that it was given',
    'device.contested': () => 'Several phones claim this device',
    'config.minimal': (e) => `Minimal configuration to ${e.address ?? 'the phone'}`,
    'config.full': (e) => `Full configuration to ${e.address ?? 'the phone'}`,
    'pap.accepted': () => 'Right PIN',
    'pap.wrong': (e) =>
      e.number('attemptsLeft') === 1
        ? 'Wrong PIN, 1 try left'
        : `Wrong PIN, ${e.number('attemptsLeft')} tries left`,
    'pap.refused': () => 'PIN not looked at',
    'pap.revealed': (e) => `PIN seen by ${e.actor}`,
    'authentication.reset': () => 'Reset Authentication: new PIN, all tokens revoked',
    'authentication.suspended': () => 'Authentication suspended',
    'authentication.resumed': () => 'Suspension ended',
    'provisioning.authorized': () => 'Provisioning authorized',
    'network.opened': (e) =>
      e.mac === null
        ? `Network ${e.text('prefix')} trusted`
        : `Network ${e.text('prefix')} opened by this phone’s PIN`,
    'network.extended': (e) => `Network ${e.text('prefix')} trusted for longer`,
    'network.closed': (e) => `Network ${e.text('prefix')} closed`,
    'call.authentication': (e) =>
      e.text('outcome') === 'accepted'
        ? `Authentication call of ${e.number('seconds')} s: let in`
        : `Authentication call of ${e.number('seconds')} s: ${e.text('outcome') || 'no entry'}`,
    'call.emergency': (e) => `Emergency call ${e.text('number')}, connected to ${e.text('target') || '…'}`,
    'call.emergency_ended': (e) => `Emergency call ended after ${e.number('seconds')} s`,
    'resync.sent': () => 'Told the phone to fetch',
    'resync.answered': (e) => `The phone was told to fetch; it said ${e.text('status') || '200'}`,
    'resync.failed': (e) =>
      `Could not reach the phone: ${e.text('failure') || e.text('status') || 'no answer'}`,
    'budget.spent': (e) => `Too many wrong PINs: the budget ${e.text('budget')} is spent for this hour`,
    'code.accepted': () => 'Right line code',
    'code.wrong': () => 'Wrong line code',
    'code.refused': () => 'Line code not looked at',
    'device.reset_to_autoprov': () => 'Waits for the code of a line again',
    'forwarding.ignored': (e) =>
      `A forwarding header of ${e.text('peer')} was ignored: TRUSTED_PROXIES does not name it`,
    'device.mismatch': () => 'The request named several phones',
    'tenant.created': (e) => `Tenant ${e.text('name')} created`,
    'tenant.updated': (e) => `Tenant ${e.text('name')} changed: ${list(e, 'changed')}`,
    'tenant.deleted': (e) => `Tenant ${e.text('name')} deleted`,
    'site.created': (e) => `Site ${e.text('name')} created`,
    'site.updated': (e) => `Site ${e.text('name')} changed: ${list(e, 'changed')}`,
    'site.deleted': (e) => `Site ${e.text('name')} deleted`,
    'line.created': (e) => `Line ${e.text('name')} created`,
    'line.updated': (e) => `Line ${e.text('name')} changed: ${list(e, 'changed')}`,
    'line.deleted': (e) => `Line ${e.text('name')} deleted`,
    'api_key.created': (e) => `Key ${e.text('name')} made`,
    'api_key.deleted': (e) => `Key ${e.text('name')} revoked`,
    'api_key.rotated': (e) => `Key ${e.text('name')} replaced by a new one`,
    'key.rejected': (e) => `Wrong keys tried from ${e.address ?? 'an unknown address'}`,
    'session.started': (e) => `${e.actor} signed in`,
    'session.ended': (e) => `${e.actor} signed out`,
    'webhook.created': (e) => `Webhook to ${e.text('name')} added`,
    'webhook.updated': (e) => `Webhook to ${e.text('name')} changed: ${list(e, 'changed')}`,
    'webhook.deleted': (e) => `Webhook to ${e.text('name')} deleted`,
    'clock.stepped': (e) => `The clock stepped by ${e.number('seconds')} s; stored times moved with it`,
  },
  de: {
    by: (actor: string) => `von ${actor}`,
    reason: (reason) => reasonIn('de', reason),
    from: (address: string) => `von ${address}`,
    repeated: (n: number) => `seither noch ${n}-mal`,
    'device.created': (e) => `Angelegt${e.text('model') === '' ? '' : ` als ${e.text('model')}`}`,
    'device.updated': (e) => `Geändert: ${list(e, 'changed')}`,
    'device.deleted': () => 'Gelöscht',
    'device.knocked': (e) => `Ein unbekanntes Telefon (${e.text('vendor')}) wollte seine Konfiguration`,
    'device.failed': (e) => `Für ${minutesUntil(e, 'failedUntil')} Minuten gesperrt`,
    'device.needed': () => 'Wieder offen',
    'device.blocked': () => 'Gesperrt. Nur ein Administrator öffnet es',
    'device.authenticated': (e) => BY_DE[e.text('by')] ?? 'Authentifiziert',
    'device.token_missing': () => 'Kam ohne das Token, das es bekommen hatte',
    'device.contested': () => 'Mehrere Telefone beanspruchen dieses Gerät',
    'config.minimal': (e) => `Minimale Konfiguration an ${e.address ?? 'das Telefon'}`,
    'config.full': (e) => `Volle Konfiguration an ${e.address ?? 'das Telefon'}`,
    'pap.accepted': () => 'Richtige PIN',
    'pap.wrong': (e) =>
      e.number('attemptsLeft') === 1
        ? 'Falsche PIN, noch 1 Versuch'
        : `Falsche PIN, noch ${e.number('attemptsLeft')} Versuche`,
    'pap.refused': () => 'PIN nicht angesehen',
    'pap.revealed': (e) => `PIN gesehen von ${e.actor}`,
    'authentication.reset': () => 'Authentifizierung zurückgesetzt: neue PIN, alle Token widerrufen',
    'authentication.suspended': () => 'Authentifizierung ausgesetzt',
    'authentication.resumed': () => 'Aussetzung beendet',
    'provisioning.authorized': () => 'Provisionierung freigegeben',
    'network.opened': (e) =>
      e.mac === null
        ? `Netz ${e.text('prefix')} wird vertraut`
        : `Netz ${e.text('prefix')} durch die PIN dieses Telefons geöffnet`,
    'network.extended': (e) => `Netz ${e.text('prefix')} länger vertraut`,
    'network.closed': (e) => `Netz ${e.text('prefix')} geschlossen`,
    'call.authentication': (e) =>
      e.text('outcome') === 'accepted'
        ? `Authentifizierungsanruf von ${e.number('seconds')} s: eingelassen`
        : `Authentifizierungsanruf von ${e.number('seconds')} s: ${e.text('outcome') || 'keine Eingabe'}`,
    'call.emergency': (e) => `Notruf ${e.text('number')}, verbunden mit ${e.text('target') || '…'}`,
    'call.emergency_ended': (e) => `Notruf nach ${e.number('seconds')} s beendet`,
    'resync.sent': () => 'Telefon zum Abholen aufgefordert',
    'resync.answered': (e) => `Telefon zum Abholen aufgefordert; Antwort ${e.text('status') || '200'}`,
    'resync.failed': (e) =>
      `Telefon nicht erreicht: ${e.text('failure') || e.text('status') || 'keine Antwort'}`,
    'budget.spent': (e) =>
      `Zu viele falsche PINs: das Budget ${e.text('budget')} ist für diese Stunde verbraucht`,
    'code.accepted': () => 'Richtiger Anschlusscode',
    'code.wrong': () => 'Falscher Anschlusscode',
    'code.refused': () => 'Anschlusscode nicht angesehen',
    'device.reset_to_autoprov': () => 'Wartet wieder auf den Code eines Anschlusses',
    'forwarding.ignored': (e) =>
      `Ein Weiterleitungskopf von ${e.text('peer')} wurde übergangen: TRUSTED_PROXIES nennt ihn nicht`,
    'device.mismatch': () => 'Die Anfrage nannte mehrere Telefone',
    'tenant.created': (e) => `Mandant ${e.text('name')} angelegt`,
    'tenant.updated': (e) => `Mandant ${e.text('name')} geändert: ${list(e, 'changed')}`,
    'tenant.deleted': (e) => `Mandant ${e.text('name')} gelöscht`,
    'site.created': (e) => `Standort ${e.text('name')} angelegt`,
    'site.updated': (e) => `Standort ${e.text('name')} geändert: ${list(e, 'changed')}`,
    'site.deleted': (e) => `Standort ${e.text('name')} gelöscht`,
    'line.created': (e) => `Anschluss ${e.text('name')} angelegt`,
    'line.updated': (e) => `Anschluss ${e.text('name')} geändert: ${list(e, 'changed')}`,
    'line.deleted': (e) => `Anschluss ${e.text('name')} gelöscht`,
    'api_key.created': (e) => `Schlüssel ${e.text('name')} angelegt`,
    'api_key.deleted': (e) => `Schlüssel ${e.text('name')} widerrufen`,
    'api_key.rotated': (e) => `Schlüssel ${e.text('name')} durch einen neuen ersetzt`,
    'key.rejected': (e) => `Falsche Schlüssel versucht von ${e.address ?? 'unbekannter Adresse'}`,
    'session.started': (e) => `${e.actor} hat sich angemeldet`,
    'session.ended': (e) => `${e.actor} hat sich abgemeldet`,
    'webhook.created': (e) => `Webhook an ${e.text('name')} angelegt`,
    'webhook.updated': (e) => `Webhook an ${e.text('name')} geändert: ${list(e, 'changed')}`,
    'webhook.deleted': (e) => `Webhook an ${e.text('name')} gelöscht`,
    'clock.stepped': (e) => `Die Uhr sprang um ${e.number('seconds')} s; gespeicherte Zeiten gingen mit`,
  },
});
