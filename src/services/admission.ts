import { createHash } from 'node:crypto';
import type { Admission } from '../contract/messages.js';
import { listEmergencyNumbers } from '../store/emergency-numbers.js';
import { EMERGENCY_NUMBERS_CHANNEL } from '../store/notify.js';
import { WakeSignal } from './wake-signal.js';
import type { ServiceContext } from './context.js';

/**
 * By what the SIP application tells an emergency call and a phone of ours from the flood around
 * them, without asking for each. Answers at once where `known` is another version, else as soon as
 * it changes, or after `waitSeconds`, or when `signal` aborts.
 */
export async function waitForAdmission(
  context: ServiceContext,
  known: string | null,
  waitSeconds: number,
  signal: AbortSignal,
): Promise<Admission> {
  const deadline = performance.now() + waitSeconds * 1000;
  const wakeSignal = new WakeSignal();
  const ring = (): void => wakeSignal.raise();
  signal.addEventListener('abort', ring, { once: true });
  // Before the first look, so that nothing falls in between.
  const unlisten = await context.store.listen(EMERGENCY_NUMBERS_CHANNEL, ring);
  try {
    for (;;) {
      const admission = await readAdmission(context);
      const remaining = deadline - performance.now();
      if (admission.version !== known || remaining <= 0 || signal.aborted) return admission;
      await wakeSignal.wait(remaining);
    }
  } finally {
    signal.removeEventListener('abort', ring);
    await unlisten();
  }
}

async function readAdmission({ store, installation, masterKey }: ServiceContext): Promise<Admission> {
  const everywhere = await listEmergencyNumbers(store.db);
  const emergencyNumbers = [...new Set([...(installation.emergency.numbers ?? []), ...everywhere])];
  const accountNameKey = masterKey.accountNames.toString('base64');
  const version = createHash('sha256')
    .update(JSON.stringify([emergencyNumbers, accountNameKey]))
    .digest('base64url');
  return { version, emergencyNumbers, accountNameKey };
}
