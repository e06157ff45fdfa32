import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from './config.js';

/**
 * The log: JSON lines on standard output. Secrets are kept out where they arise; the redaction here
 * is the second fence, for objects that somebody logs whole.
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

/**
 * Takes the console away from the libraries: drachtio-srf writes a SIP message that it cannot read
 * there, whole, and with it a PIN that was dialled. That a library had something to say is logged,
 * without its words.
 */
export function muteConsole(log: Logger, output: Pick<Console, 'log' | 'warn' | 'error'> = console): void {
  const note = (): void =>
    log.warn('a library wrote to the console; its words are left out, for they may quote a SIP message');
  output.log = note;
  output.warn = note;
  output.error = note;
}
