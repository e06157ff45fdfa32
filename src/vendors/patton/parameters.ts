/** The words that the commands of both configurations begin with. */
const OWNED = new Set([
  'cli',
  'clock',
  'sntp-client',
  'administrator',
  'operator',
  'superuser',
  'webserver',
  'timer',
  'profile',
  'actions',
  'context',
  'port',
  'authentication-service',
  'location-service',
  // Other ways to manage it.
  'aaa',
  'radius-client',
  'cwmp',
  'tr-069',
  'ssh',
  'telnet',
]);

/** Commands that do something instead of setting something, or that enter a mode. */
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
  'ping',
  'reload',
  'reset',
  'show',
  'trace',
  'traceroute',
]);

/**
 * Why a free command cannot be given, in words; null when it can. Its name is the command, its
 * value the arguments: `dns-client server` and `192.0.2.1`. It is given where no mode has been
 * entered yet.
 */
export function rawFault(name: string): string | null {
  if (!/^[a-z][a-z0-9-]*(?: [a-z0-9-]+){0,4}$/.test(name) || name.length > 100) {
    return 'is no command of this family';
  }
  const word = name.split(' ').find((one) => one !== 'no') ?? 'no';
  if (begins(word, OWNED)) return 'is a command that Dialgate gives itself';
  return begins(word, EXECUTED) ? 'does something instead of setting something' : null;
}

/** A command is understood by its first letters too: `adm` is `administrator`. */
function begins(word: string, commands: ReadonlySet<string>): boolean {
  return [...commands].some((command) => command.startsWith(word));
}
