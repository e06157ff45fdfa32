import type { AccessDecision } from '../../domain/access.js';
import { opensNetworks, stepsOf, trustedUntil } from '../../domain/network.js';
import { completePolicy } from '../../domain/policy.js';
import { recordEvents } from '../../store/events.js';
import type { FetchFacts } from '../../store/fetch-lookup.js';
import { type NetworkUse, extendNetworks } from '../../store/fetch-notes.js';
import type { Queryable } from '../../store/store.js';
import { runTransaction } from '../../store/transactions.js';
import { phoneAt } from '../audit/actors.js';
import { networkEvent } from './network-event.js';

/**
 * Leaflet, "Temporary whitelisting": "If new or existing devices are successfully provisioned
 * during this period, the period is extended". What a fetch that was served so means for the
 * temporary network that it came from; null where it means nothing.
 */
export function networkUse(
  facts: FetchFacts,
  served: AccessDecision,
  address: string | null,
  now: Date,
): NetworkUse | null {
  const { network, mac } = facts;
  if (served.kind !== 'full' || network?.kind !== 'temporary') return null;
  const policy = completePolicy(facts.policy);
  if (!opensNetworks(policy)) return null;
  const until = trustedUntil(network.openedAt, policy, now);
  const { temporaryNetworkSeconds } = policy;
  return { networkId: network.id, at: now, until, temporaryNetworkSeconds, mac, address };
}

/**
 * Extends networks by what was fetched from there. A busy site fetches all the time: the audit log
 * has a line for each hundredth of the time that one success gives.
 */
export async function extendUsedNetworks(db: Queryable, uses: readonly NetworkUse[]): Promise<void> {
  const byNetwork = new Map(uses.map((use) => [use.networkId, use]));
  await runTransaction(db, async (transaction) => {
    const extended = await extendNetworks(transaction, uses);
    const events = extended.flatMap((network) => {
      const use = byNetwork.get(network.id);
      if (
        use === undefined ||
        stepsOf(network, network.expiresAt, use) <= stepsOf(network, network.before, use)
      )
        return [];
      const seen = { ...network, openedFor: use.mac };
      return [networkEvent(seen, 'network.extended', phoneAt(use.address), use.at, { because: 'fetch' })];
    });
    await recordEvents(transaction, events);
  });
}
