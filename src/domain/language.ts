/** The languages that Dialgate brings prompts in. An operator can add others. */
export const PROMPT_LANGUAGES = ['en', 'de', 'es', 'fr', 'it', 'pl'] as const;

/** What is spoken where there are prompts in none of the languages that are wished. */
export const LAST_LANGUAGE = 'en';

/** Whether a text has the form of a language tag (BCP 47, loosely): `de`, `en-GB`, `pt_BR`. */
export function isLanguageTag(text: string): boolean {
  return /^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$/.test(text);
}

/**
 * Two tags that mean the same are spelled the same: `DE_at` is `de-at`, and `deu` is `de` (RFC
 * 5646, section 4.5).
 */
export function canonicalLanguage(tag: string): string {
  if (!isLanguageTag(tag)) return tag;
  const [, ...rest] = tag.toLowerCase().split(/[-_]/);
  return [primaryLanguage(tag), ...rest].join('-');
}

/** `de` of `de-AT`, `DE_at` and `deu-AT`; an empty string of nothing. */
export function primaryLanguage(tag: string): string {
  const primary = tag.toLowerCase().split(/[-_]/)[0] ?? '';
  // Few write three letters, and Intl is slow.
  return /^[a-z]{3}$/.test(primary) ? (Intl.getCanonicalLocales(primary)[0] ?? primary) : primary;
}

/** `de-at-1996`, `de-at`, `de`: a tag, and what it falls back to (RFC 4647 3.4). */
export function withFallbacks(tag: string): string[] {
  const parts = canonicalLanguage(tag).split('-');
  return parts.map((_, cut) => parts.slice(0, parts.length - cut).join('-'));
}

/**
 * The languages that are wished for a device, from the first choice to the last: its own, its
 * site's, its tenant's, the installation's. A phone displays the first, a caller hears the first
 * that there are prompts in.
 */
export function wishedLanguages(
  [device, site, tenant]: readonly (string | null)[],
  installation: string,
): [string, ...string[]] {
  const [first, ...others] = [device, site, tenant].filter((wish) => typeof wish === 'string');
  return first === undefined ? [installation] : [first, ...others, installation];
}

/** The first wish that is available, as such or by one of its fallbacks; null when none is. */
export function lookUpLanguage(
  wishes: readonly string[],
  available: { has(language: string): boolean },
): string | null {
  for (const wish of wishes) {
    const found = withFallbacks(wish).find((language) => available.has(language));
    if (found !== undefined) return found;
  }
  return null;
}
