import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { isPromptName, PROMPT_NAMES, type PromptName } from '../../sip/ivr/prompt-names.js';
import type { OwnPrompts } from '../../sip/ivr/prompts.js';
import { SAMPLE_RATE } from '../../telephony/media/format.js';
import { readWav } from '../../telephony/media/wav.js';
import type { Config } from './config.js';
import {
  canonicalLanguage,
  isLanguageTag,
  lookUpLanguage,
  PROMPT_LANGUAGES,
  withFallbacks,
} from '../domain/language.js';
import { StartupFault } from '../domain/startup-fault.js';

/** More than a minute of sound: nothing that anybody would listen to. */
const MAX_BYTES = 1_000_000;
/** What ends a call is cut off 14 s after its beginning, and `goodbye` comes on top. */
const MAX_LAST_WORDS_SECONDS = 12;
/** So many missing prompts are named. */
const MAX_NAMED = 10;

const NOTHING: OwnPromptsReading = { prompts: new Map(), problems: [] };

export interface OwnPromptsReading {
  prompts: OwnPrompts;
  /**
   * One line each, with the path: what is not used and why, and what is used but will not please.
   */
  problems: string[];
}

/** The operator's recordings, with what is wrong about them in the log. */
export async function loadOwnPrompts(
  { promptsDir, language }: Pick<Config, 'promptsDir' | 'language'>,
  log: Logger,
): Promise<OwnPrompts> {
  const { prompts, problems } = promptsDir === null ? NOTHING : await readOwnPrompts(promptsDir);
  for (const problem of problems) log.warn(`PROMPTS_DIR: ${problem}`);
  const own = Object.fromEntries([...prompts].map(([spoken, recordings]) => [spoken, recordings.size]));
  if (prompts.size > 0) log.info({ promptsDir, own }, 'own prompts go before ours');
  const spoken = new Set([...PROMPT_LANGUAGES, ...prompts.keys()]);
  if (lookUpLanguage([language], spoken) === null)
    log.warn(`LANGUAGE_DEFAULT: there are no prompts in ${language}; callers hear English`);
  return prompts;
}

/**
 * Reads and checks an operator's recordings, `<folder>/<language>/<name>.wav`. One that is not
 * right is reported and left out: ours is heard in its place, for a gate that does not start would
 * stop emergency calls as well.
 *
 * @throws StartupFault when the folder itself cannot be read
 */
export async function readOwnPrompts(folder: string): Promise<OwnPromptsReading> {
  const prompts = new Map<string, ReadonlyMap<PromptName, string>>();
  const problems: string[] = [];
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const language = canonicalLanguage(name);
    const files = await filesIn(path);
    const why = prompts.has(language) ? 'there is another folder of this language' : faultOf(name, files);
    if (why !== null) problems.push(`${path}: ${why}`);
    else if (Array.isArray(files)) {
      const own = await readLanguage(path, files);
      problems.push(...own.problems);
      if (own.recordings.size > 0) prompts.set(language, own.recordings);
    }
  }
  return { prompts, problems: [...problems, ...missingOnes(prompts)] };
}

/** `no folder`: another kind of entry, reported only where it looks like a recording. */
type Listing = readonly string[] | 'no folder' | 'unreadable';

/**
 * What keeps something in the folder from being a language; null also of what does not look like
 * one.
 */
function faultOf(name: string, files: Listing): string | null {
  if (files === 'unreadable') return 'cannot be read';
  if (files === 'no folder')
    return extname(name) === '.wav' ? `has to be in the folder of a language, such as en/${name}` : null;
  return isLanguageTag(name) ? null : 'the name of the folder has to be a language tag such as de or pt-BR';
}

async function readLanguage(
  folder: string,
  files: readonly string[],
): Promise<{ recordings: Map<PromptName, string>; problems: string[] }> {
  const recordings = new Map<PromptName, string>();
  const problems: string[] = [];
  for (const file of files) {
    const path = join(folder, file);
    const { name, problem } = await lookAt(path);
    if (name !== null) recordings.set(name, path);
    if (problem !== null) problems.push(`${path}: ${problem}`);
  }
  return { recordings, problems };
}

/**
 * The prompt that a file is used for, if any, and what is wrong with it. Of what is no recording,
 * such as a README, neither.
 */
async function lookAt(path: string): Promise<{ name: PromptName | null; problem: string | null }> {
  const { name, ext } = parse(path);
  if (!isPromptName(name)) {
    const problem = `there is no prompt of this name (${nearestName(name, PROMPT_NAMES)}?)`;
    return { name: null, problem: ext === '.wav' ? problem : null };
  }
  if (ext !== '.wav') return { name: null, problem: `has to be a WAV file, ${name}.wav` };
  const reading = await readRecording(path);
  if (reading.kind === 'fault') return { name: null, problem: `${reading.fault}; ours is heard instead` };
  const isCut = reading.seconds > MAX_LAST_WORDS_SECONDS && !name.startsWith('enter-');
  return { name, problem: isCut ? `lasts ${Math.round(reading.seconds)} s, and will be cut off` : null };
}

type RecordingReading = { kind: 'sound'; seconds: number } | { kind: 'fault'; fault: string };

const fault = (words: string): RecordingReading => ({ kind: 'fault', fault: words });

async function readRecording(path: string): Promise<RecordingReading> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return fault('is no file');
    if (found.size > MAX_BYTES) return fault('is longer than a minute');
    const wav = readWav(await readFile(path));
    if (wav.kind === 'unreadable')
      return fault(`has to be 8 kHz, mono, 16-bit PCM in a WAV file (${wav.reason})`);
    const seconds = wav.samples.length / SAMPLE_RATE;
    return seconds === 0 ? fault('has no sound in it') : { kind: 'sound', seconds };
  } catch (error) {
    return fault(`cannot be read (${codeOf(error)})`);
  }
}

/**
 * What a language that is not one of ours lacks, and what it falls back to lacks too: it is said in
 * English.
 */
function missingOnes(prompts: OwnPrompts): string[] {
  return [...prompts.keys()].flatMap((language) => {
    const spoken = withFallbacks(language);
    if (PROMPT_LANGUAGES.some((ours) => spoken.includes(ours))) return [];
    const names = PROMPT_NAMES.filter((name) => !spoken.some((one) => prompts.get(one)?.has(name)));
    const [most, others] = [names.slice(0, MAX_NAMED).join(', '), names.length - MAX_NAMED];
    const list = others > 0 ? `${most} and ${others} more` : most;
    return names.length === 0 ? [] : [`${language}: what is missing is said in English: ${list}`];
  });
}

async function filesIn(path: string): Promise<Listing> {
  try {
    return await visibleNames(path);
  } catch (error) {
    return codeOf(error) === 'ENOTDIR' ? 'no folder' : 'unreadable';
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await visibleNames(folder);
  } catch (error) {
    const reason = `PROMPTS_DIR: ${folder} cannot be read (${codeOf(error)}).`;
    throw new StartupFault(reason, { cause: error });
  }
}

async function visibleNames(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => !name.startsWith('.')).toSorted();
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/**
 * The name that takes the fewest changes of a letter to come to; the first of several. For messages
 * about a name that is wrong.
 */
function nearestName<T extends string>(wrong: string, names: readonly T[]): T | null {
  let nearest: T | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const changes = countChanges(wrong.toLowerCase(), name.toLowerCase());
    if (changes < fewest) [nearest, fewest] = [name, changes];
  }
  return nearest;
}

/** Levenshtein's distance: letters to insert, to take away or to exchange. */
function countChanges(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let index = 0; index < from.length; index++) {
    const next = [index + 1];
    for (let at = 1; at <= to.length; at++) {
      const exchanged = (row[at - 1] ?? 0) + (from[index] === to[at - 1] ? 0 : 1);
      next.push(Math.min(exchanged, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** The voice prompts as they lie beside the compiled program (dist/src → prompts). */
export const PROMPTS_FOLDER = fileURLToPath(new URL('../../../prompts', import.meta.url));

/** Wherever what a caller hears may come from: our recordings, and the operator's own. */
export function promptsFolders({ promptsDir }: Pick<Config, 'promptsDir'>): string[] {
  return promptsDir === null ? [PROMPTS_FOLDER] : [PROMPTS_FOLDER, promptsDir];
}
