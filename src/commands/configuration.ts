import { parseArgs, type ParseArgsConfig } from 'node:util';
import { type Config, readConfig } from '../process/config.js';
import { StartupFault } from '../domain/startup-fault.js';

/** The configuration of this process, or a fault that names everything that is wrong with it. */
export function requireConfig(): Config {
  const outcome = readConfig();
  if (outcome.kind === 'valid') return outcome.config;
  throw new StartupFault(
    `The environment is not right:\n${outcome.problems.map((problem) => `  ${problem}`).join('\n')}`,
  );
}

/** Reads a command's options; what is wrong with them is said in one sentence. */
export function readOptions<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new StartupFault(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
