import type { Metrics } from '../admin/metrics/metrics.js';
import type { ServiceContext } from '../services/context.js';
import { startSweep } from '../services/sweep.js';
import type { Attempted } from '../webhooks/attempt.js';
import { WebhookDispatcher } from '../webhooks/dispatcher.js';
import { forgottenDeliveries } from '../webhooks/queue.js';
import { WebhookTargets } from '../webhooks/targets.js';
import type { Config } from './config.js';
import type { Shutdown } from './runtime.js';

/** How long a sealed event waits, at the most, for a webhook that is up to date. */
const LOOK_EVERY_MS = 500;

/**
 * Delivers events to webhooks, in the processes with the role `admin`: each webhook is one's at a
 * time. Answers where webhooks may lead.
 */
export function deliverWebhooks(
  { webhookPrivateAddresses }: Pick<Config, 'webhookPrivateAddresses'>,
  context: ServiceContext,
  metrics: Metrics,
  shutdown: Shutdown,
): WebhookTargets {
  const targets = new WebhookTargets(webhookPrivateAddresses);
  const observe = (outcome: Attempted): void => metrics.observeDelivery(outcome);
  const dispatcher = new WebhookDispatcher(context, { targets, observe });
  const lapses = [{ what: 'webhooks', look: () => dispatcher.look() }, forgottenDeliveries(context)];
  const watch = startSweep(context.log, lapses, LOOK_EVERY_MS);
  shutdown.add('webhooks', async () => {
    await Promise.all([watch.stop(), dispatcher.stop()]);
  });
  return targets;
}
