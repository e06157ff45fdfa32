/**
 * Numbers are said correctly: the number agrees with its noun, and the noun with the number, in
 * every language.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PROMPT_NAMES } from '../../sip/ivr/prompt-names.js';
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
    'in-minutes-15': 'in fifteen minutes.',
    'in-hours-1': 'in one hour.',
    'in-days-7': 'in seven days.',
    'in-minutes-1': 'in one minute.',
    'in-minutes-40': 'in forty minutes.',
    'in-hours-12': 'in twelve hours.',
    'tries-left-1': 'You have one try left.',
    'tries-left-2': 'You have two tries left.',
  },
  de: {
    'in-minutes-15': 'in fünfzehn Minuten.',
    'in-hours-12': 'in zwölf Stunden.',
    'in-minutes-1': 'in einer Minute.',
    'in-minutes-30': 'in dreißig Minuten.',
    'in-hours-1': 'in einer Stunde.',
    'in-days-1': 'in einem Tag.',
    'in-days-2': 'in zwei Tagen.',
    'tries-left-1': 'Sie haben noch einen Versuch.',
    'tries-left-2': 'Sie haben noch zwei Versuche.',
  },
  es: {
    'in-minutes-35': 'dentro de treinta y cinco minutos.',
    'in-hours-2': 'dentro de dos horas.',
    'in-days-3': 'dentro de tres días.',
    'in-minutes-1': 'dentro de un minuto.',
    'in-hours-1': 'dentro de una hora.',
    'in-days-1': 'dentro de un día.',
    'tries-left-1': 'Le queda un intento.',
    'tries-left-2': 'Le quedan dos intentos.',
  },
  fr: {
    'in-minutes-25': 'dans vingt-cinq minutes.',
    'in-minutes-55': 'dans cinquante-cinq minutes.',
    'in-hours-2': 'dans deux heures.',
    'in-minutes-1': 'dans une minute.',
    'in-hours-1': 'dans une heure.',
    'in-days-1': 'dans un jour.',
    'tries-left-1': 'Il vous reste un essai.',
    'tries-left-2': 'Il vous reste deux essais.',
  },
  it: {
    'in-minutes-8': 'tra otto minuti.',
    'in-minutes-40': 'tra quaranta minuti.',
    'in-minutes-1': 'tra un minuto.',
    'in-minutes-3': 'fra tre minuti.',
    'in-minutes-30': 'fra trenta minuti.',
    'in-hours-1': "tra un'ora.",
    'in-hours-2': 'tra due ore.',
    'in-days-1': 'tra un giorno.',
    'tries-left-1': 'Le rimane un tentativo.',
    'tries-left-2': 'Le rimangono due tentativi.',
  },
  pl: {
    'in-minutes-3': 'za trzy minuty.',
    'in-minutes-15': 'za piętnaście minut.',
    'in-minutes-55': 'za pięćdziesiąt pięć minut.',
    'in-hours-2': 'za dwie godziny.',
    'in-hours-5': 'za pięć godzin.',
    'in-days-5': 'za pięć dni.',
    'in-minutes-1': 'za jedną minutę.',
    'in-minutes-2': 'za dwie minuty.',
    'in-minutes-4': 'za cztery minuty.',
    'in-minutes-5': 'za pięć minut.',
    'in-minutes-25': 'za dwadzieścia pięć minut.',
    'in-hours-1': 'za jedną godzinę.',
    'in-days-1': 'za jeden dzień.',
    'in-days-2': 'za dwa dni.',
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

    test('are each another number', () => {
      for (const noun of ['minutes', 'hours', 'days'] as const) {
        const ofNoun = counted().filter((one) => one.noun === noun);
        const said = ofNoun.map(({ name }) => textOf(language, name));
        assert.equal(new Set(said).size, said.length, noun);
      }
    });
  });
}

test('every number there is a prompt for has been looked at', () => {
  const numbers = counted().length;
  assert.equal(numbers, 19 + 12 + 7 + 9);
  assert.equal(TEXTS.length, PROMPT_NAMES.length * PROMPT_LANGUAGES.length);
});

function counted(): { name: string; noun: Noun; number: number }[] {
  return PROMPT_NAMES.flatMap((name) => {
    const [, unit, span, tries] = /^(?:in-(minutes|hours|days)-(\d+)|tries-left-(\d+))$/.exec(name) ?? [];
    if (tries !== undefined) return [{ name, noun: 'tries' as const, number: Number(tries) }];
    return unit === undefined ? [] : [{ name, noun: unit as Noun, number: Number(span) }];
  });
}
