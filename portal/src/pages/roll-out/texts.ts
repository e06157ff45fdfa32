import { count, texts } from '../../texts/texts.js';

export const ROLL_OUT = texts({
  en: {
    title: 'Roll out',
    choose: '1. Choose and mend',
    tenant: 'Tenant',
    tenantHint: 'Of the lines that name none',
    file: 'CSV file',
    paste: 'or paste from a spreadsheet; mend mistakes here',
    columns:
      'Columns: mac, vendor, model, site, label, sipUser, authUser, password, registrar, displayName, transport, serialNumber, language …',
    check: 'Check',
    importNow: (n: number) => `Import ${count('en', n, { one: 'phone', other: 'phones' })}`,
    checked: '2. Checked',
    imported: '3. Imported',
    result: (n: number, errors: number) =>
      `${count('en', n, { one: 'phone', other: 'phones' })}, ${count('en', errors, { one: 'mistake', other: 'mistakes' })}`,
    ignored: (columns: string) => `Columns that are not known: ${columns}`,
    line: (n: number) => `Line ${n}:`,
    cards: '4. PIN cards',
    cardsHint: (n: number) =>
      `Each card shows the PIN of one phone. Printing reveals ${count('en', n, { one: 'PIN', other: 'PINs' })}; each is an event of the audit log.`,
    print: 'Print',
    revealAll: (n: number) => `Reveal ${count('en', n, { one: 'PIN', other: 'PINs' })}`,
    language: 'Language',
    startAt: 'Start at label',
    scale: 'A4, 8 labels of 99.1 × 67.7 mm. Print at scale 100 %, without margins of the browser.',
    watch: '5. Watch them come up',
    served: (done: number, all: number) => `${done} of ${all} have their full configuration.`,
  },
  de: {
    title: 'Ausrollen',
    choose: '1. Wählen und berichtigen',
    tenant: 'Mandant',
    tenantHint: 'Der Zeilen, die keinen nennen',
    file: 'CSV-Datei',
    paste: 'oder aus einer Tabelle einfügen; Fehler hier berichtigen',
    columns:
      'Spalten: mac, vendor, model, site, label, sipUser, authUser, password, registrar, displayName, transport, serialNumber, language …',
    check: 'Prüfen',
    importNow: (n: number) => `${count('de', n, { one: 'Telefon', other: 'Telefone' })} importieren`,
    checked: '2. Geprüft',
    imported: '3. Importiert',
    result: (n: number, errors: number) =>
      `${count('de', n, { one: 'Telefon', other: 'Telefone' })}, ${count('de', errors, { one: 'Fehler', other: 'Fehler' })}`,
    ignored: (columns: string) => `Unbekannte Spalten: ${columns}`,
    line: (n: number) => `Zeile ${n}:`,
    cards: '4. PIN-Karten',
    cardsHint: (n: number) =>
      `Jede Karte zeigt die PIN eines Telefons. Drucken zeigt ${count('de', n, { one: 'PIN', other: 'PINs' })}; jede ist ein Ereignis im Protokoll.`,
    print: 'Drucken',
    revealAll: (n: number) => `${count('de', n, { one: 'PIN', other: 'PINs' })} zeigen`,
    language: 'Sprache',
    startAt: 'Ab Etikett',
    scale: 'A4, 8 Etiketten zu 99,1 × 67,7 mm. Mit 100 % drucken, ohne Ränder des Browsers.',
    watch: '5. Zusehen, wie sie kommen',
    served: (done: number, all: number) => `${done} von ${all} haben ihre volle Konfiguration.`,
  },
});

/** The three steps in the language of the person at the phone. */
export const CARD = {
  en: {
    plug: 'Connect the phone and wait for “Authentication needed”.',
    dial: 'Lift the handset, or dial *89.',
    key: 'Key in the PIN and press #.',
  },
  de: {
    plug: 'Telefon anschließen und auf „Authentication needed“ warten.',
    dial: 'Hörer abheben, oder *89 wählen.',
    key: 'PIN eingeben und # drücken.',
  },
} as const;
