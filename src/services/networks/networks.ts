import { randomUUID } from 'node:crypto';
import {
  type ExpiryFault,
  type NetworkKind,
  type WidthFault,
  expiryFault,
  trustedUntil,
  widthFault,
} from '../../domain/network.js';
import { completePolicy } from '../../domain/policy.js';
import type { Prefix } from '../../domain/prefix.js';
import { recordEvents } from '../../store/events.js';
import {
  type CountedNetwork,
  type Network,
  deleteNetwork,
  deleteNetworkIfExpired,
  insertNetwork,
  deleteExpiredNetworks,
} from '../../store/networks.js';
import { findTenant } from '../../store/tenants.js';
import { SYSTEM } from '../audit/actors.js';
import type { Actor, ServiceContext } from '../context.js';
import { networkEvent } from './network-event.js';
import { resyncWaitingPhones } from '../resync/resyncs.js';

export interface NetworkInput {
  prefix: Prefix;
  kind: NetworkKind;
  /** Of a temporary one; null: as after a success. */
  expiresAt: Date | null;
  label: string | null;
  /** Takes a prefix that is short. */
  force: boolean;
}

export type AddNetworkOutcome =
  | { kind: 'network'; network: CountedNetwork }
  | { kind: 'tenant-unknown' }
  | { kind: 'taken' }
  | { kind: 'refused'; because: WidthFault | ExpiryFault };

/**
 * Leaflet, "Permanent whitelisting": an administrator says that an address is trusted, for good or
 * for a while. Phones of the tenant that wait there are told.
 */
export async function addNetwork(
  context: ServiceContext,
  tenantId: string,
  { prefix, kind, expiresAt, label, force }: NetworkInput,
  actor: Actor,
): Promise<AddNetworkOutcome> {
  return context.store.transaction(async (transaction) => {
    const tenant = await findTenant(transaction, tenantId, 'key share');
    if (tenant === null) return { kind: 'tenant-unknown' };
    const now = context.clock.now();
    const policy = completePolicy(tenant.policy);
    const because = widthFault(prefix, force) ?? expiryFault(kind, expiresAt, policy, now);
    if (because !== null) return { kind: 'refused', because };

    const network: Network = {
      id: randomUUID(),
      tenantId,
      prefix: prefix.text,
      kind,
      label,
      reason: 'administrator',
      openedBy: actor.name,
      openedFor: null,
      openedAt: now,
      expiresAt: kind === 'permanent' ? null : (expiresAt ?? trustedUntil(now, policy, now)),
      createdAt: now,
    };
    const ended = await deleteNetworkIfExpired(transaction, tenantId, prefix.text, now);
    if (ended !== null)
      await recordEvents(transaction, [
        networkEvent(ended, 'network.closed', SYSTEM, now, { because: 'expired' }),
      ]);
    if (!(await insertNetwork(transaction, network))) return { kind: 'taken' };
    await recordEvents(transaction, [
      networkEvent(network, 'network.opened', actor, now, { because: network.reason }),
    ]);
    const phones = { tenantId, prefix: network.prefix, exceptTokenId: null };
    if (kind === 'permanent' || !policy.strict) await resyncWaitingPhones(transaction, phones, now);
    return { kind: 'network', network: { ...network, devices: 0 } };
  });
}

/**
 * Trusts a network no more. Phones that have proved themselves meanwhile keep what they hold.
 * Answers whether there was one.
 */
export async function removeNetwork(
  context: ServiceContext,
  tenantId: string,
  id: string,
  actor: Actor,
): Promise<boolean> {
  return context.store.transaction(async (transaction) => {
    const now = context.clock.now();
    const network = await deleteNetwork(transaction, tenantId, id, now);
    if (network === null) return false;
    await recordEvents(transaction, [
      networkEvent(network, 'network.closed', actor, now, { because: 'removed' }),
    ]);
    return true;
  });
}

const BATCH = 100;

/**
 * Removes the temporary networks whose time is over; they have counted for nothing since. Answers
 * whether there may be more.
 */
export async function closeExpiredNetworks(context: ServiceContext): Promise<boolean> {
  return context.store.transaction(async (transaction) => {
    const now = context.clock.now();
    const expired = await deleteExpiredNetworks(transaction, now, BATCH);
    await recordEvents(
      transaction,
      expired.map((network) => networkEvent(network, 'network.closed', SYSTEM, now, { because: 'expired' })),
    );
    return expired.length === BATCH;
  });
}
