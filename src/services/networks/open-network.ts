import { randomUUID } from 'node:crypto';
import type { Device } from '../../domain/device.js';
import { type NetworkReason, opensNetworks, trustedUntil } from '../../domain/network.js';
import type { Policy } from '../../domain/policy.js';
import { sourceText } from '../../domain/prefix.js';
import type { Token } from '../../domain/token.js';
import { recordEvents } from '../../store/events.js';
import { forgetDevices } from '../../store/network-devices.js';
import { deleteNetworkIfExpired, openOrRenewNetwork } from '../../store/networks.js';
import type { Queryable } from '../../store/store.js';
import { SYSTEM, phoneAt } from '../audit/actors.js';
import { networkEvent } from './network-event.js';
import { resyncWaitingPhones } from '../resync/resyncs.js';

/** A device was just proved: by its PAP, or by the code of a line. */
export interface Success {
  device: Pick<Device, 'mac' | 'tenantId'>;
  /** That of the phone that made the call. */
  token: Pick<Token, 'id' | 'lastFetchAddress'>;
  policy: Policy;
  by: Extract<NetworkReason, 'pap' | 'code'>;
}

/**
 * Leaflet, "Temporary whitelisting": the address from which the phone that made the call last
 * fetched its configuration is trusted for a while, for all devices of its tenant, and those that
 * wait there are told. A network that is trusted already begins anew, for somebody has just proved
 * himself. In the transaction of the success, so that neither is ever without the other; before
 * that writes a resync of its own, so that two successes at one address come one after the other.
 */
export async function openNetwork(
  transaction: Queryable,
  { device, token, policy, by }: Success,
  now: Date,
): Promise<void> {
  const { mac, tenantId } = device;
  const { lastFetchAddress: address } = token;
  const prefix = sourceText(address);
  if (tenantId === null || prefix === null || !opensNetworks(policy)) return;

  const caller = phoneAt(address);
  const ended = await deleteNetworkIfExpired(transaction, tenantId, prefix, now);
  const id = randomUUID();
  const network = await openOrRenewNetwork(transaction, {
    id,
    tenantId,
    prefix,
    kind: 'temporary',
    label: null,
    reason: by,
    openedBy: caller.name,
    openedFor: mac,
    openedAt: now,
    expiresAt: trustedUntil(now, policy, now),
    createdAt: now,
  });
  const isNew = network.id === id;
  if (!isNew) await forgetDevices(transaction, network.id);
  await recordEvents(transaction, [
    ...(ended === null ? [] : [networkEvent(ended, 'network.closed', SYSTEM, now, { because: 'expired' })]),
    networkEvent(network, isNew ? 'network.opened' : 'network.extended', caller, now, { because: by }),
  ]);
  // Where it begins anew too: it has room again for those who did not fit in any more.
  await resyncWaitingPhones(transaction, { tenantId, prefix, exceptTokenId: token.id }, now);
}
