/**
 * Log lines of the engines. They run in a thread of their own, so a line is plain data that can be
 * posted to the parent, which owns the real logger.
 *
 * Never in a line, at any level: SIP bodies, header values that carry credentials, user parts of
 * URIs (they may be dialled digits), keyed digits, secrets of the control ports. Methods, status
 * codes, addresses, ports, transaction and call ids may be.
 */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export type LogFields = Readonly<Record<string, string | number | boolean>>;

export type EngineLog = (level: LogLevel, text: string, fields?: LogFields) => void;

/** Drops lines below `threshold` before they cost anything. */
export function atLevel(threshold: LogLevel, log: EngineLog): EngineLog {
  const lowest = LOG_LEVELS.indexOf(threshold);
  return (level, text, fields) => {
    if (LOG_LEVELS.indexOf(level) >= lowest) log(level, text, fields);
  };
}
