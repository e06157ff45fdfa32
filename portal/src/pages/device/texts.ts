import { texts } from '../../texts/texts.js';
import { reasonIn } from '../../texts/events.js';

export const DEVICE = texts({
  en: {
    devices: 'Devices',
    where: 'Where you are',
    missing: 'There is no such device.',
    missingHint: (mac: string) =>
      `${mac} was never created, was deleted, or belongs to a tenant that your key has not.`,
    gone: 'This device was deleted meanwhile.',
    display: 'Display',
    validUntilUsed: 'valid until used',
    none: 'none',
    actions: 'Actions',
    reset: 'Reset Authentication',
    suspend: 'Suspend Authentication',
    resume: 'End the suspension',
    authorize: 'Authorize provisioning',
    resyncNow: 'Resync',
    question: (what: string, name: string) =>
      what === 'delete'
        ? `Delete ${name}?`
        : what === 'suspend'
          ? `Suspend authentication of ${name}?`
          : `Reset authentication of ${name}?`,
    consequence: (what: string) =>
      what === 'delete'
        ? 'It loses its configuration for good, and its MAC is unknown from then on. This cannot be undone.'
        : what === 'suspend'
          ? 'Any phone that asks with this MAC gets the full configuration, without a PIN, for as long as the policy says.'
          : 'It loses its configuration now and needs the new PIN. Emergency calls go on working.',
    done: (what: string) =>
      ({
        reset: 'Reset: there is a new PIN',
        suspend: 'Authentication suspended',
        resume: 'Suspension ended',
        authorize: 'Provisioning authorized',
        resync: 'The phone is asked to fetch',
        delete: 'Deleted',
      })[what] ?? what,
    way: 'How far it is',
    waitsSince: 'waiting since',
    whatNext: (key: string) =>
      ({
        successful: 'It has proved itself and has its full configuration.',
        needed:
          'Nothing is wrong so far: ask the user to dial *89, or to lift the handset, and to key in the PIN.',
        failed:
          'Too many wrong PINs. It opens again by itself when the lock is over, or by Reset Authentication.',
        blocked: 'Locked too often: only Reset Authentication opens it.',
        approval: 'It waits for Authorize provisioning.',
        suspended: 'It gets its full configuration without a PIN until the suspension is over.',
        noLine: 'It has proved itself, and has no line: assign one.',
        neverSeen: 'Its phone was never seen: is it plugged in, and pointed here?',
      })[key] ?? '',
    happened: 'What happened',
    inAuditLog: 'Open in audit log',
    whereItIs: 'Where it is',
    lastSeen: 'Last seen',
    address: 'Address',
    registered: 'Registered',
    provisioned: 'Provisioned',
    serialNumber: 'Serial number',
    lockedFor: 'Locked for',
    suspendedFor: 'Suspended for',
    windowFor: 'Window until',
    resync: 'Last resync',
    resyncSaid: (outcome: string, status: number | null) =>
      status === null ? outcome : `${outcome} ${status}`,
    never: 'never',
    yes: 'yes',
    no: 'no',
    lines: 'Lines',
    noLines: 'No line assigned.',
    linesHint: 'Several with Ctrl. The phone is told when this is saved.',
    label: 'Label',
    site: 'Site',
    edit: 'Assign',
    configuration: 'Configuration',
    kind: (kind: string) => ({ minimal: 'Minimal', full: 'Full', difference: 'Difference' })[kind] ?? kind,
    wouldSend: (kind: string, reason: string) =>
      `It would be sent the ${kind} one now: ${reasonIn('en', reason)}.`,
  },
  de: {
    devices: 'Geräte',
    where: 'Wo Sie sind',
    missing: 'Dieses Gerät gibt es nicht.',
    missingHint: (mac: string) =>
      `${mac} wurde nie angelegt, wurde gelöscht, oder gehört einem Mandanten, den Ihr Schlüssel nicht hat.`,
    gone: 'Dieses Gerät wurde inzwischen gelöscht.',
    display: 'Anzeige',
    validUntilUsed: 'gültig, bis sie benutzt ist',
    none: 'keine',
    actions: 'Aktionen',
    reset: 'Authentifizierung zurücksetzen',
    suspend: 'Authentifizierung aussetzen',
    resume: 'Aussetzung beenden',
    authorize: 'Provisionierung freigeben',
    resyncNow: 'Neu abholen lassen',
    question: (what: string, name: string) =>
      what === 'delete'
        ? `${name} löschen?`
        : what === 'suspend'
          ? `Authentifizierung von ${name} aussetzen?`
          : `Authentifizierung von ${name} zurücksetzen?`,
    consequence: (what: string) =>
      what === 'delete'
        ? 'Es verliert seine Konfiguration für immer, und seine MAC ist fortan unbekannt. Das lässt sich nicht rückgängig machen.'
        : what === 'suspend'
          ? 'Jedes Telefon, das mit dieser MAC anfragt, bekommt die volle Konfiguration ohne PIN, so lange die Richtlinie sagt.'
          : 'Es verliert jetzt seine Konfiguration und braucht die neue PIN. Notrufe gehen weiter.',
    done: (what: string) =>
      ({
        reset: 'Zurückgesetzt: es gibt eine neue PIN',
        suspend: 'Authentifizierung ausgesetzt',
        resume: 'Aussetzung beendet',
        authorize: 'Provisionierung freigegeben',
        resync: 'Das Telefon wird zum Abholen aufgefordert',
        delete: 'Gelöscht',
      })[what] ?? what,
    way: 'Wie weit es ist',
    waitsSince: 'wartet seit',
    whatNext: (key: string) =>
      ({
        successful: 'Es hat sich bewiesen und hat seine volle Konfiguration.',
        needed: 'Bisher ist nichts falsch: der Nutzer wählt *89, oder hebt ab, und gibt die PIN ein.',
        failed: 'Zu viele falsche PINs. Es öffnet sich nach der Sperre von selbst, oder durch Zurücksetzen.',
        blocked: 'Zu oft gesperrt: nur Zurücksetzen öffnet es.',
        approval: 'Es wartet auf die Freigabe.',
        suspended: 'Es bekommt seine volle Konfiguration ohne PIN, bis die Aussetzung vorbei ist.',
        noLine: 'Es hat sich bewiesen und hat keinen Anschluss: weisen Sie einen zu.',
        neverSeen: 'Das Telefon wurde nie gesehen: ist es angeschlossen und zeigt es hierher?',
      })[key] ?? '',
    happened: 'Was geschah',
    inAuditLog: 'Im Protokoll öffnen',
    whereItIs: 'Wo es ist',
    lastSeen: 'Zuletzt gesehen',
    address: 'Adresse',
    registered: 'Registriert',
    provisioned: 'Provisioniert',
    serialNumber: 'Seriennummer',
    lockedFor: 'Gesperrt für',
    suspendedFor: 'Ausgesetzt für',
    windowFor: 'Freigabe bis',
    resync: 'Letztes Abholen',
    resyncSaid: (outcome: string, status: number | null) =>
      status === null ? outcome : `${outcome} ${status}`,
    never: 'nie',
    yes: 'ja',
    no: 'nein',
    lines: 'Anschlüsse',
    noLines: 'Kein Anschluss zugewiesen.',
    linesHint: 'Mehrere mit Strg. Das Telefon erfährt es beim Speichern.',
    label: 'Name',
    site: 'Standort',
    edit: 'Zuweisen',
    configuration: 'Konfiguration',
    kind: (kind: string) => ({ minimal: 'Minimal', full: 'Voll', difference: 'Unterschied' })[kind] ?? kind,
    wouldSend: (kind: string, reason: string) =>
      `Jetzt bekäme es die ${kind === 'full' ? 'volle' : 'minimale'}: ${reasonIn('de', reason)}.`,
  },
});
