import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  canonicalLanguage,
  isLanguageTag,
  lookUpLanguage,
  wishedLanguages,
  withFallbacks,
} from '../../../src/domain/language.js';

test('device, site, tenant and installation wish for a language, in this order', () => {
  assert.deepEqual(wishedLanguages(['pl', 'de', 'it'], 'en'), ['pl', 'de', 'it', 'en']);
  assert.deepEqual(wishedLanguages([null, 'de', null], 'en'), ['de', 'en']);
  assert.deepEqual(wishedLanguages([], 'en'), ['en']);
});

test('what is spoken is the first wish that is available, or what a wish falls back to', () => {
  const available = new Set(['en', 'de', 'pt', 'pt-br']);
  const cases: [wishes: string[], spoken: string | null][] = [
    [['de'], 'de'],
    [['de-AT', 'en'], 'de'],
    [['DE_at'], 'de'],
    [['de-Latn-AT-1996'], 'de'],
    [['pt-BR'], 'pt-br'],
    [['pt-PT', 'en'], 'pt'],
    [['hu', 'de', 'en'], 'de'],
    [['deu', 'en'], 'de'],
    [['ger-CH', 'en'], 'de'],
    [['hu', 'nl'], null],
    [['', 'not a language', '../en'], null],
    [[], null],
  ];
  for (const [wishes, spoken] of cases)
    assert.equal(lookUpLanguage(wishes, available), spoken, String(wishes));
});

test('a tag has one spelling, and falls back to what is less and less particular', () => {
  assert.equal(canonicalLanguage('pt_BR'), 'pt-br');
  assert.equal(canonicalLanguage('fre'), 'fr');
  assert.equal(canonicalLanguage('qaa'), 'qaa');
  assert.deepEqual(withFallbacks('de-AT-1996'), ['de-at-1996', 'de-at', 'de']);
});

test('a language tag is told from a language’s name', () => {
  for (const tag of ['de', 'deu', 'en-GB', 'pt_BR', 'zh-Hant-TW'])
    assert.equal(isLanguageTag(tag), true, tag);
  for (const text of ['', 'd', 'german', 'de-', 'de--AT', 'de AT', 'de/AT', '..', 'de-ÄÖ', 'de\n'])
    assert.equal(isLanguageTag(text), false, text);
});
