import { inFull, lookUp } from './parameter-table.js';
import type { ConfigurationView } from './vendor.js';

/**
 * A tone of one or two frequencies, in Hz. The cadence is in milliseconds and repeats; without one
 * the tone is continuous.
 */
export interface Tone {
  frequencies: readonly [number] | readonly [number, number];
  cadence: readonly { on: number; off: number }[];
}

/** What a caller hears of a call, in the tones of a country. */
export interface CallProgressTones {
  dial: Tone;
  ringback: Tone;
  busy: Tone;
  /** No free circuit, or no such number. */
  congestion: Tone;
}

type Frequencies = Tone['frequencies'];

/** `on, off, on, off, …` in milliseconds. */
function tone(frequencies: Frequencies, ...times: readonly number[]): Tone {
  const cadence = times.flatMap((on, at) => (at % 2 === 0 ? [{ on, off: times[at + 1] ?? 0 }] : []));
  return { frequencies, cadence };
}

/** Most of Europe: all tones have one frequency, about 425 Hz; the dial tone is continuous. */
function european(
  hertz: number,
  times: Record<'ringback' | 'busy' | 'congestion', readonly number[]>,
): CallProgressTones {
  const frequencies: Frequencies = [hertz];
  return {
    dial: tone(frequencies),
    ringback: tone(frequencies, ...times.ringback),
    busy: tone(frequencies, ...times.busy),
    congestion: tone(frequencies, ...times.congestion),
  };
}

const NORTH_AMERICAN: CallProgressTones = {
  dial: tone([350, 440]),
  ringback: tone([440, 480], 2000, 4000),
  busy: tone([480, 620], 500, 500),
  congestion: tone([480, 620], 250, 250),
};

/** ITU-T E.180 supplement 2, "Various tones used in national networks". */
const TONES: Record<string, CallProgressTones> = {
  AT: european(420, { ringback: [1000, 5000], busy: [400, 400], congestion: [200, 200] }),
  BE: european(425, { ringback: [1000, 3000], busy: [500, 500], congestion: [167, 167] }),
  CA: NORTH_AMERICAN,
  CH: european(425, { ringback: [1000, 4000], busy: [500, 500], congestion: [200, 200] }),
  DE: european(425, { ringback: [1000, 4000], busy: [480, 480], congestion: [240, 240] }),
  ES: european(425, {
    ringback: [1500, 3000],
    busy: [200, 200],
    congestion: [200, 200, 200, 200, 200, 600],
  }),
  FR: european(440, { ringback: [1500, 3500], busy: [500, 500], congestion: [250, 250] }),
  GB: {
    dial: tone([350, 440]),
    ringback: tone([400, 450], 400, 200, 400, 2000),
    busy: tone([400], 375, 375),
    congestion: tone([400], 400, 350, 225, 525),
  },
  IT: {
    ...european(425, { ringback: [1000, 4000], busy: [500, 500], congestion: [200, 200] }),
    dial: tone([425], 200, 200, 600, 1000),
  },
  NL: european(425, { ringback: [1000, 4000], busy: [500, 500], congestion: [250, 250] }),
  PL: european(425, { ringback: [1000, 4000], busy: [500, 500], congestion: [500, 500] }),
  PT: european(425, { ringback: [1000, 5000], busy: [500, 500], congestion: [200, 200] }),
  SE: european(425, { ringback: [1000, 5000], busy: [250, 250], congestion: [250, 750] }),
  US: NORTH_AMERICAN,
};

/**
 * The tones of a country (ISO 3166-1 alpha-2, in either case); null where none is named, or one
 * whose tones we do not know.
 */
export function callProgressTones(country: string | null): CallProgressTones | null {
  return lookUp(TONES, (country ?? '').toUpperCase());
}

/** The value of a row that is a tone of the country in the settings. */
export function ofTone(
  name: keyof CallProgressTones,
  text: (tone: Tone) => string,
): (view: ConfigurationView) => string | null {
  return inFull(({ toneCountry }) => {
    const tones = callProgressTones(toneCountry);
    return tones === null ? null : text(tones[name]);
  });
}
