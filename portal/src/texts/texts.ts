import { createContext, useContext } from 'react';

/** The languages that every text exists in. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

type Text = string | ((...values: never[]) => string);
type Shape<T> = {
  [K in keyof T]: T[K] extends (...values: infer V) => string ? (...values: V) => string : string;
};

/** The texts of a page or part, one object for each language, all with the same members. */
export interface Texts<T> {
  en: T;
  de: Shape<T>;
}

/**
 * Declares texts: a member that one language lacks, or a parameter that differs, fails to compile.
 */
export function texts<T extends Record<string, Text>>(of: { en: T; de: NoInfer<Shape<T>> }): Texts<T> {
  return of;
}

export const LanguageContext = createContext<Language>('en');

export function useLanguage(): Language {
  return useContext(LanguageContext);
}

/** The texts of a part in the reader's language. */
export function useTexts<T>(of: Texts<T>): Shape<T> {
  return textsIn(useLanguage(), of);
}

export function textsIn<T>(language: Language, of: Texts<T>): Shape<T> {
  return of[language] as Shape<T>;
}

/** Zero, one or many of something, by the language's own plural rules: `count('en', 2, …)`. */
export function count(language: Language, n: number, forms: { one: string; other: string }): string {
  const form = new Intl.PluralRules(language).select(n) === 'one' ? forms.one : forms.other;
  return `${number(language, n)} ${form}`;
}

export function number(language: Language, n: number): string {
  return new Intl.NumberFormat(language).format(n);
}

/**
 * The reader's own locale where it is of the chosen language, so that times and numbers are written
 * as in their country: `en-GB` has 24 hours, `en-US` has 12.
 */
export function localeOf(language: Language): string {
  return navigator.languages.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language;
}

const STORED = 'dialgate.language';

/** What the reader chose, else the first of the browser's languages that we have, else English. */
export function initialLanguage(): Language {
  const wanted = [localStorage.getItem(STORED) ?? '', ...navigator.languages];
  for (const tag of wanted) {
    const found = LANGUAGES.find((language) => tag.toLowerCase().split('-')[0] === language);
    if (found !== undefined) return found;
  }
  return 'en';
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(STORED, language);
}
