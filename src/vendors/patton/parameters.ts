/** The words that the commands of both configurations begin with. */
const OWNED = new Set([
  'cli',
  'clock',
  'sntp-client',
  'administrator',
  'operator',
  'webserver',
  'timer',
  'profile',
  'actions',
  'context',
  'port',
  'authentication-service',
  'location-service',
]);

/** What does something rather than sets something, or leads elsewhere. */
const EXECUTED = new Set([
  'configure',
  'copy',
  'disable',
  'enable',
  'erase',
  'exit',
  'end',
  'logout',
  'provisioning',
  'reload',
  'reset',
]);

/**
 * Why a free command cannot be given, in words; null when it can. Its name is the command, its value the arguments: `dns-client server` and
 * `192.0.2.1`. It is given where no mode has been entered yet.
 */
export function rawFault(name: string, _model: string | null): string | null {
  if (!/^[a-z][a-z0-9-]*(?: [a-z0-9-]+){0,4}$/.test(name) || name.length > 100) {
    return 'is no command of this family';
  }
  const [first = '', second = ''] = name.split(' ');
  const word = first === 'no' ? second : first;
  if (EXECUTED.has(word)) return 'does something instead of setting something';
  return OWNED.has(word) ? 'is a command that Dialgate gives itself' : null;
}
