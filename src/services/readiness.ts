import type { ServiceContext } from './context.js';
import { type SipReadiness, readSipReadiness } from './sip-readiness.js';
import type { WriteCheck } from './write-check.js';

/**
 * One of the things without which phones cannot fetch, register or be heard. `problem` is a
 * sentence for the operator; null when all is well.
 */
export interface ReadinessCheck {
  name: 'database' | 'provisioning' | 'sipServer' | 'mediaServer';
  problem: string | null;
}

export interface Readiness {
  ready: boolean;
  checks: ReadinessCheck[];
  /** What is not right, and keeps no phone from coming in; nothing while the database is away. */
  warnings: string[];
}

type ReadinessContext = Pick<ServiceContext, 'store' | 'clock' | 'log'>;

/** What readiness is judged by beside the database. */
export interface ReadinessSources {
  /** Of the listener in this process; null when it is in another, which answers for itself. */
  provisioningIsUp: (() => boolean) | null;
  writes: WriteCheck;
  findWarnings: () => Promise<string[]>;
}

/**
 * The database is given so long; a phone that waits longer has given up on its configuration, too.
 */
export const DATABASE_PATIENCE_MS = 1000;

/** Looks whether phones can fetch, register and be heard. */
export async function checkReadiness(
  context: ReadinessContext,
  { provisioningIsUp, writes, findWarnings }: ReadinessSources,
): Promise<Readiness> {
  const checks = await checkBehindDatabase(context, writes);
  if (provisioningIsUp !== null) {
    const problem = provisioningIsUp() ? null : 'The provisioning listener is not up.';
    checks.push({ name: 'provisioning', problem });
  }
  const ready = checks.every(({ problem }) => problem === null);
  const hasDatabase = checks.some(({ name, problem }) => name === 'database' && problem === null);
  return { ready, checks, warnings: hasDatabase ? await findWarnings() : [] };
}

async function checkBehindDatabase(context: ReadinessContext, writes: WriteCheck): Promise<ReadinessCheck[]> {
  const seen = await readInTime(context, writes);
  if (seen === null) {
    const unknown = 'Cannot be told without the database.';
    return [
      { name: 'database', problem: `The database did not answer within ${DATABASE_PATIENCE_MS} ms.` },
      { name: 'sipServer', problem: unknown },
      { name: 'mediaServer', problem: unknown },
    ];
  }
  const { sip, writeProblem } = seen;
  return [
    { name: 'database', problem: writeProblem },
    { name: 'sipServer', problem: sip.sipServer ? null : 'No SIP application reports a SIP server.' },
    {
      name: 'mediaServer',
      problem: sip.ready ? null : 'No SIP application reports a SIP server and a media server.',
    },
  ];
}

/** null when the database fails or is late. */
async function readInTime(
  context: ReadinessContext,
  writes: WriteCheck,
): Promise<{ sip: SipReadiness; writeProblem: string | null } | null> {
  const read = readSipReadiness(context).catch((error: unknown) => {
    context.log.warn({ err: error }, 'not ready: the database cannot be asked');
    return null;
  });
  const [sip, writeProblem] = await Promise.all([
    withinTime(read, DATABASE_PATIENCE_MS),
    // One that is late says so to who asks next: whether the database answers is the other one's to
    // say.
    withinTime(writes.problem(), DATABASE_PATIENCE_MS),
  ]);
  return sip === null ? null : { sip, writeProblem };
}

/**
 * What `work` comes to, or null when it has not come to anything within so many milliseconds; it
 * goes on then, unawaited.
 */
export async function withinTime<T>(work: Promise<T>, milliseconds: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
