import { type AccessDecision } from '../../domain/access.js';
import { lookAt, rearm } from '../../domain/authentication.js';
import type { Device } from '../../domain/device.js';
import type { Policy } from '../../domain/policy.js';
import { sourceText } from '../../domain/prefix.js';
import { type Token, isLive } from '../../domain/token.js';
import { isWindowOpen } from '../../domain/window.js';
import { saveAuthentication, setAttention } from '../../store/devices.js';
import type { Queryable } from '../../store/store.js';
import { tokensOfDevice } from '../../store/tokens.js';
import { phoneAt } from '../audit/actors.js';
import { deviceEvent } from '../audit/device-event.js';
import { type RepeatableEvent, recordRepeatable } from '../audit/repeated-events.js';
import type { NoToken } from './fetch-token.js';
import { reportContest } from './trusted-return.js';

/** Somebody asks for a device's configuration with nothing that says he is its phone. */
export interface Claim {
  device: Device;
  policy: Policy;
  decision: AccessDecision;
  because: NoToken;
  address: string | null;
  now: Date;
}

/**
 * Writes what an administrator should know of a claim. The flag on the device is set once and stays
 * until he takes it away; only a loss, which is what he must do something about, takes the place of
 * another. A loss under the policy `rearm` makes a fresh PAP: one, for the device is not successful
 * any more when somebody comes again. Answers the device as it then is.
 */
export async function reportClaim(transaction: Queryable, claim: Claim): Promise<Device> {
  const { device, because, address, now } = claim;
  const isLoss = isTokenLost(claim);
  const first = earlierClaimant(await tokensOfDevice(transaction, device.id), claim);
  // Only here, so that it takes as long as for a device of somebody.
  if (device.kind === 'decoy') return device;
  if (isLoss || because === 'other-device')
    await recordRepeatable(transaction, [
      { ...tokenMissing(device, because, address, now), isNews: isLoss && isNews(claim) },
    ]);
  if (isLoss && device.attention !== 'token_missing')
    await setAttention(transaction, device.id, 'token_missing');
  if (first !== null) {
    const attention = isLoss ? 'token_missing' : device.attention;
    await reportContest(transaction, { ...device, attention }, { first }, address, now);
  }
  return isLoss ? rearmAfterLoss(transaction, claim) : device;
}

/**
 * A phone lost its token, was served in full under trust beside the one that had proved itself, and
 * that trust is over: a loss like any other, told once.
 */
export async function reportLeftByTrust(
  transaction: Queryable,
  device: Device,
  address: string | null,
  now: Date,
): Promise<void> {
  await recordRepeatable(transaction, [tokenMissing(device, 'trust-ended', address, now)]);
  if (device.attention !== 'token_missing') await setAttention(transaction, device.id, 'token_missing');
}

function tokenMissing(
  device: Device,
  reason: NoToken | 'trust-ended',
  address: string | null,
  now: Date,
): RepeatableEvent {
  const event = deviceEvent(device, 'device.token_missing', phoneAt(address), now, { reason });
  return { event, subject: device.id, reason };
}

/**
 * A device that proved itself holds a token. Who comes without is its phone after a factory reset,
 * or somebody else; under trust it is no loss.
 */
function isTokenLost({ device, decision, now }: Claim): boolean {
  const isKeptBack = decision.kind === 'minimal' || decision.would !== null;
  return isKeptBack && lookAt(device.authentication, now).state === 'successful';
}

/**
 * Something has happened since the last loss: an administrator took the flag away, or a PAP was
 * keyed in for which this one makes another.
 */
function isNews({ device, policy }: Claim): boolean {
  return device.attention !== 'token_missing' || makesFreshPap(policy);
}

function makesFreshPap({ onLostConfiguration, enforce }: Policy): boolean {
  return onLostConfiguration === 'rearm' && enforce;
}

async function rearmAfterLoss(transaction: Queryable, { device, policy, now }: Claim): Promise<Device> {
  if (!makesFreshPap(policy)) return device;
  const authentication = rearm(device.authentication, policy, now);
  await saveAuthentication(transaction, device.id, authentication);
  return { ...device, authentication };
}

/**
 * The address of the phone elsewhere that waits with a bootstrap token, or whose the open window
 * is, when another one asks without; null when there is none. An address that has such a token
 * itself is known already and not reported again.
 */
function earlierClaimant(tokens: readonly Token[], { device, decision, address, now }: Claim): string | null {
  const source = sourceText(address);
  const waiting = tokens.filter((token) => token.state === 'bootstrap' && isLive(token, now));
  if (waiting.some((token) => sourceText(token.issuedTo) === source)) return null;
  const { windowClaimedBy } = device;
  const isShutOut =
    decision.kind === 'minimal' && decision.reason === 'unauthorized' && isWindowOpen(device, now);
  if (isShutOut && windowClaimedBy !== null && windowClaimedBy !== source) return windowClaimedBy;
  return waiting[0]?.issuedTo ?? null;
}
