import { texts } from '../../texts/texts.js';

export const TENANTS = texts({
  en: {
    title: 'Tenants',
    where: 'Where you are',
    none: 'No tenant yet.',
    noneHint: 'A tenant is a customer: its phones, sites, lines and policy.',
    name: 'Name',
    factor: 'Proof',
    factorOf: (factor: string) =>
      ({ pap: 'PIN', window: 'approval window', 'pap+window': 'PIN and window', none: 'none' })[factor] ??
      factor,
    created: 'Created',
    add: 'Add a tenant',
    devices: 'Devices',
    networks: 'Networks',
    policy: 'Policy',
    sites: 'Sites',
    lines: 'Lines',
    changed: 'changed',
    risk: 'What it withstands',
    waitingNow: 'Waiting now',
    oneSource: 'From one address',
    anySource: 'From anywhere',
    perDevice: 'Each device',
    riskHint: 'The chance that a PIN of the phones that wait now is guessed within a year.',
    noSites: 'No site yet.',
    addSite: 'Add a site',
    timezone: 'Time zone',
    language: 'Language',
    emergency: 'Emergency route',
    inherited: 'as the tenant',
    noLines: 'No line yet.',
    addLine: 'Add a line',
    label: 'Label',
    sipUser: 'SIP user',
    password: 'Password',
    registrar: 'Registrar',
    deleteOf: (name: string) => `Delete ${name}`,
    deleteQuestion: (name: string) => `Delete ${name}?`,
    deleteUnused: 'This cannot be undone.',
    deleteUsed: (n: number) => `${n} depend on it, and lose it. This cannot be undone.`,
  },
  de: {
    title: 'Mandanten',
    where: 'Wo Sie sind',
    none: 'Noch kein Mandant.',
    noneHint: 'Ein Mandant ist ein Kunde: seine Telefone, Standorte, Anschlüsse und Richtlinie.',
    name: 'Name',
    factor: 'Beweis',
    factorOf: (factor: string) =>
      ({ pap: 'PIN', window: 'Freigabezeitraum', 'pap+window': 'PIN und Zeitraum', none: 'keiner' })[
        factor
      ] ?? factor,
    created: 'Angelegt',
    add: 'Mandant anlegen',
    devices: 'Geräte',
    networks: 'Netze',
    policy: 'Richtlinie',
    sites: 'Standorte',
    lines: 'Anschlüsse',
    changed: 'geändert',
    risk: 'Was sie aushält',
    waitingNow: 'Jetzt wartend',
    oneSource: 'Von einer Adresse',
    anySource: 'Von überall',
    perDevice: 'Jedes Gerät',
    riskHint:
      'Die Wahrscheinlichkeit, dass eine PIN der jetzt wartenden Telefone in einem Jahr erraten wird.',
    noSites: 'Noch kein Standort.',
    addSite: 'Standort anlegen',
    timezone: 'Zeitzone',
    language: 'Sprache',
    emergency: 'Notrufweg',
    inherited: 'wie der Mandant',
    noLines: 'Noch kein Anschluss.',
    addLine: 'Anschluss anlegen',
    label: 'Name',
    sipUser: 'SIP-Benutzer',
    password: 'Passwort',
    registrar: 'Registrar',
    deleteOf: (name: string) => `${name} löschen`,
    deleteQuestion: (name: string) => `${name} löschen?`,
    deleteUnused: 'Das lässt sich nicht rückgängig machen.',
    deleteUsed: (n: number) =>
      `${n} hängen davon ab und verlieren es. Das lässt sich nicht rückgängig machen.`,
  },
});

/** Each value of a policy: its name, and after the bar its meaning with the default. */
export const POLICY = texts({
  en: {
    secondFactor:
      'Proof|What a phone needs: its PIN, an approval within a window, both, or neither. Default: pap',
    strict: 'Strict|Only the token counts: a right PIN opens no network for others. Default: off',
    enforce:
      'Enforce|Off observes: every phone is served in full, and the audit log says what it would get. Default: on',
    maxAttempts: 'Wrong PINs before a lock|Default: 3',
    lockoutSeconds: 'Length of a lock, seconds|Default: 1800',
    maxLockouts: 'Locks before a block|The lock that would be this many-th blocks the device. Default: 3',
    suspensionSeconds: 'Length of a suspension, seconds|Default: 1800',
    temporaryNetworkSeconds: 'A network is trusted for, seconds|After a right PIN. Default: 28800',
    temporaryNetworkMaxSeconds: 'At the longest, seconds|However often it is used. Default: 604800',
    temporaryNetworkMaxDevices: 'Phones that a network lets in|Default: 200',
    firstSyncSeconds:
      'Approval window, seconds|In which a new device may come without an approval. Default: 2592000',
    inactiveSeconds: 'Silence before a new approval, seconds|Default: 5184000',
    papDigits: 'Digits of a PIN|Of those made from now on. Default: 6',
    papLifetimeSeconds: 'A PIN is valid for, seconds|Empty: until it has been used. Default: empty',
    onLostConfiguration:
      'A phone that lost its configuration|manual: needs a reset; rearm: a new PIN is made at once. Default: manual',
    lockoutScope: 'Wrong PINs lock|The device, or the address that they came from out of it. Default: device',
    guessesPerHour: 'Wrong PINs in an hour|At all devices of the tenant. Default: 300',
  },
  de: {
    secondFactor:
      'Beweis|Was ein Telefon braucht: seine PIN, eine Freigabe im Zeitraum, beides oder nichts. Vorgabe: pap',
    strict: 'Streng|Nur das Token zählt: eine richtige PIN öffnet anderen kein Netz. Vorgabe: aus',
    enforce:
      'Durchsetzen|Aus beobachtet: jedes Telefon bekommt alles, und das Protokoll sagt, was es bekäme. Vorgabe: an',
    maxAttempts: 'Falsche PINs bis zur Sperre|Vorgabe: 3',
    lockoutSeconds: 'Länge einer Sperre, Sekunden|Vorgabe: 1800',
    maxLockouts: 'Sperren bis zur dauerhaften|Die so vielte Sperre ist dauerhaft. Vorgabe: 3',
    suspensionSeconds: 'Länge einer Aussetzung, Sekunden|Vorgabe: 1800',
    temporaryNetworkSeconds: 'Einem Netz wird vertraut, Sekunden|Nach einer richtigen PIN. Vorgabe: 28800',
    temporaryNetworkMaxSeconds: 'Höchstens, Sekunden|So oft es auch benutzt wird. Vorgabe: 604800',
    temporaryNetworkMaxDevices: 'Telefone, die ein Netz einlässt|Vorgabe: 200',
    firstSyncSeconds:
      'Freigabezeitraum, Sekunden|In dem ein neues Gerät ohne Freigabe kommen darf. Vorgabe: 2592000',
    inactiveSeconds: 'Stille bis zur neuen Freigabe, Sekunden|Vorgabe: 5184000',
    papDigits: 'Ziffern einer PIN|Derer, die fortan gemacht werden. Vorgabe: 6',
    papLifetimeSeconds: 'Eine PIN gilt, Sekunden|Leer: bis sie benutzt ist. Vorgabe: leer',
    onLostConfiguration:
      'Ein Telefon ohne Konfiguration|manual: braucht ein Zurücksetzen; rearm: gleich eine neue PIN. Vorgabe: manual',
    lockoutScope:
      'Falsche PINs sperren|Das Gerät, oder die Adresse, von der sie kamen, von ihm aus. Vorgabe: device',
    guessesPerHour: 'Falsche PINs in einer Stunde|An allen Geräten des Mandanten. Vorgabe: 300',
  },
});
