import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from './config.js';

/**
 * The log: JSON lines on standard output. Secrets are kept out where they arise; the redaction here is the second fence, for objects that
 * somebody logs whole.
 */
export function createLogger(level: Config['logLevel'], destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    redact: {
      paths: [
        'pap',
        'digits',
        'password',
        'token',
        'authorization',
        '*.pap',
        '*.digits',
        '*.password',
        '*.token',
        '*.authorization',
      ],
      censor: '[secret]',
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
