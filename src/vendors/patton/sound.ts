import type { CodecName } from '../../domain/phone-settings.js';
import { callProgressTones, type CallProgressTones, type Tone } from '../call-progress-tones.js';
import { type Command, type Mode, mode, type Script } from './format.js';

const CODECS: Partial<Record<CodecName, string>> = { pcma: 'g711alaw64k', pcmu: 'g711ulaw64k', g729: 'g729' };
const FRAMES = ['rx-length', '20', 'tx-length', '20'];

/** Codecs in the order of preference, and DTMF by RFC 4733. */
export function voiceScript(codecs: readonly CodecName[]): Script {
  const known = codecs.flatMap((codec) => CODECS[codec] ?? []);
  const names = known.length > 0 ? known : ['g711alaw64k', 'g711ulaw64k'];
  // The signal processor has room for one low-bitrate codec, which has to be named.
  const system: Script = names.includes('g729')
    ? [mode(['system'], mode(['ic', 'voice', '0'], ['low-bitrate-codec', 'g729']))]
    : [];
  return [
    ...system,
    mode(
      ['profile', 'voip', 'default'],
      ...names.map((name, at): Command => ['codec', String(at + 1), name, ...FRAMES]),
      ['dtmf-relay', 'rtp'],
      ['fax', 'transmission', '1', 'relay', 't38-udp'],
      ['fax', 'transmission', '2', 'bypass', 'g711alaw64k', ...FRAMES],
    ),
  ];
}

/** The tones of the format, and which of ours each of them is. */
const TONE_SET: readonly (readonly [name: string, tone: keyof CallProgressTones])[] = [
  ['dial-tone', 'dial'],
  ['ringback-tone', 'ringback'],
  ['busy-tone', 'busy'],
  ['release-tone', 'busy'],
  ['congestion-tone', 'congestion'],
];

/** Empty without a country, or for one whose tones we do not know. */
export function toneScript(country: string | null): Script {
  const tones = callProgressTones(country);
  if (tones === null) return [];
  const profiles = (['dial', 'ringback', 'busy', 'congestion'] as const).map((name) =>
    toneProfile(profileName(name), tones[name]),
  );
  const maps = TONE_SET.map(([name, tone]): Command => [
    'map',
    'call-progress-tone',
    name,
    profileName(tone),
  ]);
  return [...profiles, mode(['profile', 'tone-set', 'default'], ...maps)];
}

function profileName(tone: keyof CallProgressTones): string {
  return `TONE_${tone.toUpperCase()}`;
}

/** In decibels; each of two frequencies is softer. */
const LEVEL = { 1: '-10', 2: '-13' } as const;

/** Plays and pauses in milliseconds, numbered; a single play is continuous. */
function toneProfile(name: string, { frequencies, cadence }: Tone): Mode {
  const sound = frequencies.flatMap((hertz) => [String(hertz), LEVEL[frequencies.length]]);
  const elements = (cadence.length === 0 ? [{ on: 5000, off: 0 }] : cadence).flatMap(({ on, off }) => [
    ['play', String(on), ...sound],
    ...(off === 0 ? [] : [['pause', String(off)]]),
  ]);
  const numbered = elements.map(([kind = '', ...rest], at): Command => [kind, String(at + 1), ...rest]);
  return mode(['profile', 'call-progress-tone', name], ...numbered);
}
