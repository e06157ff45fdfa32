/** Reads RIFF WAVE files by their chunks, for tests that must not trust the code they check. */
import { readFileSync } from 'node:fs';

export interface Wav {
  /** Format tag of the fmt chunk; 1 is PCM. */
  encoding: number;
  channels: number;
  /** Hz. */
  sampleRate: number;
  bitsPerSample: number;
  /** Length of the data chunk as its header states it. */
  dataBytes: number;
  /** 16-bit samples that are really there, as -1 … 1. Meaningless when bitsPerSample is not 16. */
  samples: Float64Array;
}

/** @throws when the file cannot be read, is no RIFF WAVE, or lacks its fmt or data chunk. */
export function readWav(path: string): Wav {
  const file = readFileSync(path);
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') {
    throw new Error('not a RIFF WAVE file');
  }
  const format = findChunk(file, 'fmt ');
  const data = findChunk(file, 'data');
  const present = file.subarray(data.start, data.start + data.length);
  return {
    encoding: file.readUInt16LE(format.start),
    channels: file.readUInt16LE(format.start + 2),
    sampleRate: file.readUInt32LE(format.start + 4),
    bitsPerSample: file.readUInt16LE(format.start + 14),
    dataBytes: data.length,
    samples: Float64Array.from(
      { length: present.length >> 1 },
      (_, index) => present.readInt16LE(index * 2) / 32768,
    ),
  };
}

function findChunk(file: Buffer, id: string): { start: number; length: number } {
  // Chunks follow the 12-byte RIFF header, each padded to an even length.
  for (let at = 12; at + 8 <= file.length;) {
    const length = file.readUInt32LE(at + 4);
    if (file.toString('latin1', at, at + 4) === id) return { start: at + 8, length };
    at += 8 + length + (length % 2);
  }
  throw new Error(`no "${id}" chunk`);
}
