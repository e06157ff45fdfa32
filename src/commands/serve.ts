import { createLogger, muteConsole } from '../process/logger.js';
import { startDialgate } from '../process/start.js';
import { processClock } from '../process/system-clock.js';
import { requireConfig } from './configuration.js';
import { StopRequest } from './stop-request.js';

/** `dialgate serve`: runs the roles that the environment asks for, until a signal ends it. */
export async function serve(): Promise<number> {
  const config = requireConfig();
  const log = createLogger(config.logLevel);
  muteConsole(log);
  const stop = new StopRequest().onSignals();
  const dialgate = await startDialgate(config, {
    clock: processClock(config),
    log,
    onFailure: stop.fail,
  });
  const { reason, status } = await stop.made;
  log[status === 0 ? 'info' : 'fatal']({ reason }, 'stopping');
  await dialgate.stop();
  log.info('stopped');
  return status;
}
