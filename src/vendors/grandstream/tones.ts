import { type CallProgressTones, callProgressTones, type Tone } from '../call-progress-tones.js';
import type { Settings } from '../parameter-list.js';
import type { GrandstreamModel } from './models.js';

/** dBm, as the adapters' manuals have it for the dial tone. */
const LEVEL = -13;

const PHONE_TONES: Record<keyof CallProgressTones, string> = {
  dial: 'P343',
  ringback: 'P346',
  busy: 'P348',
  congestion: 'P349',
};
const ADAPTER_TONES: Record<keyof CallProgressTones, string> = {
  dial: 'P4000',
  ringback: 'P4001',
  busy: 'P4002',
  congestion: 'P4003',
};

/** What is heard of a call, as in a country; of one that we do not know, as the phone has it. */
export function toneSettings(country: string | null, model: GrandstreamModel): Settings {
  const tones = country === null ? null : callProgressTones(country);
  if (tones === null) return new Map();
  const isPhone = model.kind === 'phone';
  const names = isPhone ? PHONE_TONES : ADAPTER_TONES;
  const text = isPhone ? phoneTone : adapterTone;
  return new Map(
    (['dial', 'ringback', 'busy', 'congestion'] as const).map((name) => [names[name], text(tones[name])]),
  );
}

/** `f1=425,f2=425,c=100/400;`: times in 10 ms, and always two frequencies. */
function phoneTone({ frequencies: [first, second = first], cadence }: Tone): string {
  const times = cadence.map(({ on, off }) => `${Math.round(on / 10)}/${Math.round(off / 10)}`);
  return `f1=${first},f2=${second}${times.length === 0 ? '' : `,c=${times.join('-')}`};`;
}

/** `f1=425@-13,c=1000/4000;`: times in milliseconds, 0/0 does not end. */
function adapterTone({ frequencies, cadence }: Tone): string {
  const sounds = frequencies.map((hertz, at) => `f${at + 1}=${hertz}@${LEVEL}`);
  const times = cadence.map(({ on, off }) => `${on}/${off}`);
  return `${sounds.join(',')},c=${times.join('-') || '0/0'};`;
}
