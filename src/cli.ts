import { silenceLibraries } from './process/config.js';
import { StartupFault } from './domain/startup-fault.js';

const USAGE = `dialgate <command>

  serve       run Dialgate as the environment says (docs/operating.md lists the variables)
  demo        start everything embedded and take a simulated phone through the main job
  phone       be a phone: fetch, register, call *89, key in the PIN (dialgate phone --help)
  migrate     bring the database up to date and end
  render      show the configuration that a phone would get, and why (dialgate render --help)
  explain     say how far a phone has come, and what keeps it from its configuration (dialgate explain --help)
  audit       check the seals of the audit log (dialgate audit --help)
  admin-key   make, list or remove administrator keys (dialgate admin-key --help)
`;

type Command = (parameters: string[]) => Promise<number>;

/** Loaded on demand, so that a command does not wait for the modules of others. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./commands/serve.js')).serve,
  demo: async () => (await import('./commands/demo.js')).demo,
  phone: async () => (await import('./commands/phone.js')).phone,
  migrate: async () => (await import('./commands/migrate.js')).migrateDatabase,
  render: async () => (await import('./commands/render.js')).render,
  explain: async () => (await import('./commands/explain.js')).explain,
  audit: async () => (await import('./commands/audit.js')).audit,
  'admin-key': async () => (await import('./commands/admin-key.js')).adminKey,
};

/**
 * Runs a command; answers the exit status. What an operator can mend is said in a sentence, a bug
 * with its stack.
 */
async function run([name = '', ...parameters]: string[]): Promise<number> {
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    const asked = ['', 'help', '--help', '-h'].includes(name);
    (asked ? process.stdout : process.stderr).write(
      asked ? USAGE : `There is no command ${JSON.stringify(name)}.\n\n${USAGE}`,
    );
    return asked ? 0 : 2;
  }
  silenceLibraries();
  try {
    return await (
      await load()
    )(parameters);
  } catch (error) {
    if (error instanceof StartupFault) process.stderr.write(`${error.message}\n`);
    else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  }
}

process.exitCode = await run(process.argv.slice(2));
// A connection to a server that hangs may be left half open; it must not keep the process.
setTimeout(() => process.exit(), 2_000).unref();
