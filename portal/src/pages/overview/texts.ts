import { texts } from '../../texts/texts.js';

export const OVERVIEW = texts({
  en: {
    title: 'Overview',
    nothing: 'All phones are served. Nothing needs you.',
    onlyWaiting: (n: string) =>
      n === '1' ? '1 phone waits. None is stuck.' : `${n} phones wait. None is stuck.`,
    nobodyStuck: 'No phone is stuck.',
    nothingHint: 'Phones that go no further, and what is wrong with them, appear here.',
    needed: (n: string) => (n === '1' ? '1 phone needs a person' : `${n} phones need a person`),
    needsYou: 'Needs you now',
    allWaiting: 'All that wait',
    andOthers: (n: number, address: string | null) =>
      `and ${n} more${address === null ? '' : ` behind ${address}`}`,
    flag: (flag: string) =>
      ({
        'no-line': 'It has proved itself, and has no line: assign one.',
        token_missing:
          'Its phone came without the token that it was given: was it reset, or is it another phone?',
        contested: 'Several phones claim this MAC.',
      })[flag] ?? flag,
    all: 'devices',
    waiting: 'waiting',
    locked: 'locked for a while',
    blocked: 'blocked',
    served: 'authenticated',
    warnings: 'Warnings',
    wrong: 'Wrong PINs and emergency calls',
    noWrong: 'None.',
    service: 'Service',
    details: 'Details',
    ready: 'Phones can fetch, register and be heard.',
    notReady: 'Not ready.',
  },
  de: {
    title: 'Übersicht',
    nothing: 'Alle Telefone sind versorgt. Nichts braucht Sie.',
    onlyWaiting: (n: string) =>
      n === '1' ? '1 Telefon wartet. Keines hängt.' : `${n} Telefone warten. Keines hängt.`,
    nobodyStuck: 'Kein Telefon hängt.',
    nothingHint: 'Hier erscheinen Telefone, die warten, und was ihnen fehlt.',
    needed: (n: string) => (n === '1' ? '1 Telefon braucht jemanden' : `${n} Telefone brauchen jemanden`),
    needsYou: 'Braucht Sie jetzt',
    allWaiting: 'Alle wartenden',
    andOthers: (n: number, address: string | null) =>
      `und ${n} weitere${address === null ? '' : ` hinter ${address}`}`,
    flag: (flag: string) =>
      ({
        'no-line': 'Es hat sich bewiesen und hat keinen Anschluss: weisen Sie einen zu.',
        token_missing:
          'Das Telefon kam ohne sein Token: wurde es zurückgesetzt, oder ist es ein anderes Telefon?',
        contested: 'Mehrere Telefone beanspruchen diese MAC.',
      })[flag] ?? flag,
    all: 'Geräte',
    waiting: 'wartend',
    locked: 'zeitweise gesperrt',
    blocked: 'gesperrt',
    served: 'authentifiziert',
    warnings: 'Warnungen',
    wrong: 'Falsche PINs und Notrufe',
    noWrong: 'Keine.',
    service: 'Dienst',
    details: 'Einzelheiten',
    ready: 'Telefone können abholen, sich registrieren und gehört werden.',
    notReady: 'Nicht bereit.',
  },
});
