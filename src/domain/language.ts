/** The languages that the prompts are recorded in. */
export const PROMPT_LANGUAGES = ['en', 'de'] as const;
export type PromptLanguage = (typeof PROMPT_LANGUAGES)[number];

/** Whether a text has the form of a language tag (BCP 47, loosely): `de`, `en-GB`, `pt_BR`. */
export function isLanguageTag(text: string): boolean {
  return /^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$/.test(text);
}

/** The language to speak: the first of the wishes (device, site, tenant, installation) that there are prompts for; English otherwise. */
export function chooseLanguage(...wishes: (string | null | undefined)[]): PromptLanguage {
  for (const wish of wishes) {
    const primary = wish?.toLowerCase().split(/[-_]/)[0];
    const found = PROMPT_LANGUAGES.find((language) => language === primary);
    if (found !== undefined) return found;
  }
  return 'en';
}
