/**
 * Numbers are said correctly: the number agrees with its noun, and the noun with the number, in
 * every language.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MAX_SPOKEN_DAYS, PROMPT_NAMES } from '../../sip/ivr/prompt-names.js';
import { PROMPT_LANGUAGES } from '../../src/domain/language.js';
import { TEXTS, textOf } from '../support/prompts.js';

type Language = (typeof PROMPT_LANGUAGES)[number];
type Noun = 'minutes' | 'hours' | 'days' | 'tries';

/** By the categories of CLDR's plural rules, in the case that the preposition asks for. */
const NOUNS: Record<Language, Record<Noun, Partial<Record<Intl.LDMLPluralRule, string>>>> = {
  en: {
    minutes: { one: 'minute', other: 'minutes' },
    hours: { one: 'hour', other: 'hours' },
    days: { one: 'day', other: 'days' },
    tries: { one: 'try', other: 'tries' },
  },
  de: {
    minutes: { one: 'Minute', other: 'Minuten' },
    hours: { one: 'Stunde', other: 'Stunden' },
    days: { one: 'Tag', other: 'Tagen' },
    tries: { one: 'Versuch', other: 'Versuche' },
  },
  es: {
    minutes: { one: 'minuto', other: 'minutos' },
    hours: { one: 'hora', other: 'horas' },
    days: { one: 'día', other: 'días' },
    tries: { one: 'intento', other: 'intentos' },
  },
  fr: {
    minutes: { one: 'minute', other: 'minutes' },
    hours: { one: 'heure', other: 'heures' },
    days: { one: 'jour', other: 'jours' },
    tries: { one: 'essai', other: 'essais' },
  },
  it: {
    minutes: { one: 'minuto', other: 'minuti' },
    hours: { one: 'ora', other: 'ore' },
    days: { one: 'giorno', other: 'giorni' },
    tries: { one: 'tentativo', other: 'tentativi' },
  },
  pl: {
    minutes: { one: 'minutę', few: 'minuty', many: 'minut' },
    hours: { one: 'godzinę', few: 'godziny', many: 'godzin' },
    days: { one: 'dzień', few: 'dni', many: 'dni' },
    tries: { one: 'próba', few: 'próby', many: 'prób' },
  },
};

/** Numbers whose form depends on what is counted, and those that are easily misspelled. */
const SAID: Record<Language, Record<string, string>> = {
  en: {
    'in-minutes-1': 'in one minute.',
    'in-minutes-40': 'in forty minutes.',
    'in-minutes-58': 'in fifty-eight minutes.',
    'in-hours-12': 'in twelve hours.',
    'in-days-14': 'in fourteen days.',
    'and-minutes-45': 'and forty-five minutes.',
    'and-hours-18': 'and eighteen hours.',
    'tries-left-1': 'You have one try left.',
    'tries-left-2': 'You have two tries left.',
  },
  de: {
    'in-minutes-1': 'in einer Minute.',
    'in-minutes-16': 'in sechzehn Minuten.',
    'in-minutes-17': 'in siebzehn Minuten.',
    'in-minutes-30': 'in dreißig Minuten.',
    'in-minutes-51': 'in einundfünfzig Minuten.',
    'in-hours-1': 'in einer Stunde.',
    'in-hours-21': 'in einundzwanzig Stunden.',
    'in-days-1': 'in einem Tag.',
    'in-days-2': 'in zwei Tagen.',
    'and-minutes-5': 'und fünf Minuten.',
    'and-hours-6': 'und sechs Stunden.',
    'tries-left-1': 'Sie haben noch einen Versuch.',
    'tries-left-2': 'Sie haben noch zwei Versuche.',
  },
  es: {
    'in-minutes-1': 'dentro de un minuto.',
    'in-minutes-16': 'dentro de dieciséis minutos.',
    'in-minutes-21': 'dentro de veintiún minutos.',
    'in-minutes-22': 'dentro de veintidós minutos.',
    'in-minutes-31': 'dentro de treinta y un minutos.',
    'in-hours-1': 'dentro de una hora.',
    'in-hours-21': 'dentro de veintiuna horas.',
    'in-hours-23': 'dentro de veintitrés horas.',
    'in-days-1': 'dentro de un día.',
    'and-minutes-35': 'y treinta y cinco minutos.',
    'and-hours-12': 'y doce horas.',
    'tries-left-1': 'Le queda un intento.',
    'tries-left-2': 'Le quedan dos intentos.',
  },
  fr: {
    'in-minutes-1': 'dans une minute.',
    'in-minutes-21': 'dans vingt et une minutes.',
    'in-minutes-22': 'dans vingt-deux minutes.',
    'in-minutes-51': 'dans cinquante et une minutes.',
    'in-hours-1': 'dans une heure.',
    'in-hours-21': 'dans vingt et une heures.',
    'in-days-1': 'dans un jour.',
    'in-days-11': 'dans onze jours.',
    'and-minutes-25': 'et vingt-cinq minutes.',
    'and-hours-18': 'et dix-huit heures.',
    'tries-left-1': 'Il vous reste un essai.',
    'tries-left-2': 'Il vous reste deux essais.',
  },
  it: {
    'in-minutes-1': 'tra un minuto.',
    'in-minutes-3': 'fra tre minuti.',
    'in-minutes-21': 'tra ventuno minuti.',
    'in-minutes-23': 'tra ventitré minuti.',
    'in-minutes-28': 'tra ventotto minuti.',
    'in-minutes-30': 'fra trenta minuti.',
    'in-minutes-33': 'fra trentatré minuti.',
    'in-hours-1': "tra un'ora.",
    'in-hours-2': 'tra due ore.',
    'in-days-1': 'tra un giorno.',
    'and-minutes-40': 'e quaranta minuti.',
    'and-hours-6': 'e sei ore.',
    'tries-left-1': 'Le rimane un tentativo.',
    'tries-left-2': 'Le rimangono due tentativi.',
  },
  pl: {
    'in-minutes-1': 'za jedną minutę.',
    'in-minutes-2': 'za dwie minuty.',
    'in-minutes-4': 'za cztery minuty.',
    'in-minutes-5': 'za pięć minut.',
    'in-minutes-12': 'za dwanaście minut.',
    'in-minutes-14': 'za czternaście minut.',
    'in-minutes-21': 'za dwadzieścia jeden minut.',
    'in-minutes-22': 'za dwadzieścia dwie minuty.',
    'in-minutes-25': 'za dwadzieścia pięć minut.',
    'in-minutes-54': 'za pięćdziesiąt cztery minuty.',
    'in-hours-1': 'za jedną godzinę.',
    'in-hours-22': 'za dwadzieścia dwie godziny.',
    'in-days-1': 'za jeden dzień.',
    'in-days-2': 'za dwa dni.',
    'and-minutes-5': 'i pięć minut.',
    'and-hours-12': 'i dwanaście godzin.',
    'tries-left-1': 'Pozostała jedna próba.',
    'tries-left-2': 'Pozostały dwie próby.',
    'tries-left-5': 'Pozostało pięć prób.',
  },
};

for (const language of PROMPT_LANGUAGES) {
  describe(`numbers in ${language}`, () => {
    test('are said as a person would', () => {
      for (const [name, text] of Object.entries(SAID[language]))
        assert.equal(textOf(language, name), text, name);
    });

    test('have the noun in the form that goes with them', () => {
      const plurals = new Intl.PluralRules(language);
      for (const { name, noun, number } of counted()) {
        const form = NOUNS[language][noun][plurals.select(number)];
        const words = textOf(language, name).split(/[ '.]/);
        assert.ok(form !== undefined && words.includes(form), `${name}: ${words.join(' ')} without ${form}`);
      }
    });

    test('are each another number, the same beside hours as alone', () => {
      for (const noun of ['minutes', 'hours', 'days'] as const) {
        const ofNoun = counted().filter((one) => one.noun === noun);
        const said = new Map<number, string>();
        for (const { name, number } of ofNoun) {
          const span = textOf(language, name).replace(/^(?:dentro de|\S+) /, '');
          assert.equal(said.get(number) ?? span, span, name);
          said.set(number, span);
        }
        assert.equal(new Set(said.values()).size, said.size, noun);
      }
    });
  });
}

test('every number there is a prompt for has been looked at', () => {
  const numbers = counted().length;
  assert.equal(numbers, 59 + 23 + MAX_SPOKEN_DAYS + 11 + 3 + 9);
  assert.equal(TEXTS.length, PROMPT_NAMES.length * PROMPT_LANGUAGES.length);
});

function counted(): { name: string; noun: Noun; number: number }[] {
  return PROMPT_NAMES.flatMap((name) => {
    const [, unit, span, tries] =
      /^(?:(?:in|and)-(minutes|hours|days)-(\d+)|tries-left-(\d+))$/.exec(name) ?? [];
    if (tries !== undefined) return [{ name, noun: 'tries' as const, number: Number(tries) }];
    return unit === undefined ? [] : [{ name, noun: unit as Noun, number: Number(span) }];
  });
}
