import { endianness } from 'node:os';

import { SAMPLE_RATE } from './format.js';

export type WavReading =
  | { readonly kind: 'samples'; readonly samples: Int16Array }
  | { readonly kind: 'unreadable'; readonly reason: string };

const PCM = 1;
const RIFF_HEADER = 12;
const CHUNK_HEADER = 8;

const unreadable = (reason: string): WavReading => ({ kind: 'unreadable', reason });

/** What is wrong with a format chunk, or null when it is 8 kHz mono PCM with 16 bits. */
function findFault(format: Buffer): string | null {
  if (format.length < 16) return 'the format chunk is cut off';
  if (format.readUInt16LE(0) !== PCM) return `format ${format.readUInt16LE(0)} is not PCM`;
  if (format.readUInt16LE(2) !== 1) return `${format.readUInt16LE(2)} channels, not mono`;
  if (format.readUInt32LE(4) !== SAMPLE_RATE) return `${format.readUInt32LE(4)} Hz, not ${SAMPLE_RATE}`;
  if (format.readUInt16LE(14) !== 16) return `${format.readUInt16LE(14)} bits a sample, not 16`;
  return null;
}

/**
 * Reads a WAV file of 8 kHz mono 16-bit PCM; everything else is `unreadable` with what it is
 * instead. Unknown chunks are skipped. A data chunk that claims more than the file holds gives what
 * is there: a recorder that was killed leaves such a header.
 */
export function readWav(file: Buffer): WavReading {
  if (file.length < RIFF_HEADER || file.toString('latin1', 0, 4) !== 'RIFF')
    return unreadable('not a RIFF file');
  if (file.toString('latin1', 8, 12) !== 'WAVE') return unreadable('a RIFF file, but not a WAVE');
  let formatKnown = false;
  for (let at = RIFF_HEADER; at + CHUNK_HEADER <= file.length;) {
    const id = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    const body = file.subarray(at + CHUNK_HEADER, at + CHUNK_HEADER + size);
    if (id === 'fmt ') {
      const fault = findFault(body);
      if (fault !== null) return unreadable(fault);
      formatKnown = true;
    } else if (id === 'data') {
      return formatKnown
        ? { kind: 'samples', samples: toSamples(body) }
        : unreadable('data before the format chunk');
    }
    at += CHUNK_HEADER + size + (size % 2); // chunks are padded to an even length
  }
  return unreadable(formatKnown ? 'no data chunk' : 'no format chunk');
}

/** Copied as they are, which takes a tenth of the time that reading each one does. */
function toSamples(data: Buffer): Int16Array {
  const bytes = new Uint8Array(data.subarray(0, data.length & ~1));
  if (endianness() === 'BE') Buffer.from(bytes.buffer).swap16();
  return new Int16Array(bytes.buffer);
}

/** A WAV file of 8 kHz mono 16-bit PCM. */
export function writeWav(samples: Int16Array): Buffer {
  const header = 44;
  const file = Buffer.alloc(header + samples.length * 2);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(PCM, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(SAMPLE_RATE, 24);
  file.writeUInt32LE(SAMPLE_RATE * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, i) => file.writeInt16LE(sample, header + i * 2));
  return file;
}
