import type { ServiceContext } from './context.js';
import { type SipReadiness, readSipReadiness } from './sip-readiness.js';
import { withinTime } from './within-time.js';

/** One of the things without which phones cannot fetch, register or be heard. `problem` is a sentence for the operator; null when all is well. */
export interface ReadinessCheck {
  name: 'database' | 'provisioning' | 'sipServer' | 'mediaServer';
  problem: string | null;
}

export interface Readiness {
  ready: boolean;
  checks: ReadinessCheck[];
}

type ReadinessContext = Pick<ServiceContext, 'store' | 'clock' | 'log'>;

/** The database is given so long; a phone that waits longer has given up on its configuration, too. */
export const DATABASE_PATIENCE_MS = 1000;

/**
 * Looks whether phones can fetch, register and be heard. `provisioningIsUp` tells of the listener in this process; null when it is in
 * another, which answers for itself.
 */
export async function checkReadiness(
  context: ReadinessContext,
  provisioningIsUp: (() => boolean) | null,
): Promise<Readiness> {
  const checks = await checkBehindDatabase(context);
  if (provisioningIsUp !== null) {
    const problem = provisioningIsUp() ? null : 'The provisioning listener is not up.';
    checks.push({ name: 'provisioning', problem });
  }
  return { ready: checks.every(({ problem }) => problem === null), checks };
}

async function checkBehindDatabase(context: ReadinessContext): Promise<ReadinessCheck[]> {
  const sip = await readInTime(context);
  if (sip === null) {
    const unknown = 'Cannot be told without the database.';
    return [
      { name: 'database', problem: `The database did not answer within ${DATABASE_PATIENCE_MS} ms.` },
      { name: 'sipServer', problem: unknown },
      { name: 'mediaServer', problem: unknown },
    ];
  }
  return [
    { name: 'database', problem: null },
    { name: 'sipServer', problem: sip.sipServer ? null : 'No SIP application reports a SIP server.' },
    {
      name: 'mediaServer',
      problem: sip.ready ? null : 'No SIP application reports a SIP server and a media server.',
    },
  ];
}

/** null when the database fails or is late. */
async function readInTime(context: ReadinessContext): Promise<SipReadiness | null> {
  const read = readSipReadiness(context).catch((error: unknown) => {
    context.log.warn({ err: error }, 'not ready: the database cannot be asked');
    return null;
  });
  return withinTime(read, DATABASE_PATIENCE_MS);
}
