import { randomUUID } from 'node:crypto';
import { unclaimedAuthentication } from '../../domain/authentication.js';
import type { Device } from '../../domain/device.js';
import type { Mac } from '../../domain/mac.js';
import { completePolicy } from '../../domain/policy.js';
import { subscriberText } from '../../domain/prefix.js';
import { REPEAT_SECONDS } from '../../domain/repetition.js';
import { addSeconds } from '../../domain/time.js';
import type { Token } from '../../domain/token.js';
import type { VendorId } from '../../domain/vendor-id.js';
import { insertDevice } from '../../store/devices.js';
import { recordEvents } from '../../store/events.js';
import type { FetchFacts } from '../../store/fetch-lookup.js';
import type { Queryable } from '../../store/store.js';
import {
  MAX_UNCLAIMED,
  countToldOrigins,
  deleteDecoy,
  makeRoomForDecoy,
  makeRoomForUnclaimed,
  saveOrigin,
} from '../../store/unmanaged-devices.js';
import { phoneAt } from '../audit/actors.js';
import type { ServiceContext } from '../context.js';
import { decoyOf, possibleToken } from './decoy.js';
import { deviceEvent } from '../audit/device-event.js';
import type { FetchNotes } from '../fetch/fetch-notes.js';
import type { TokenFinding } from '../fetch/fetch-token.js';
import { factsOf, unmanagedDevice } from './unmanaged-device.js';
import { deletedEvents } from './unused-devices.js';

/** A request for a file of an unknown MAC. */
export interface UnknownFetch {
  mac: Mac;
  /** The family whose file it is. */
  vendor: VendorId;
  /** Of what was presented in a token's place, where it has the form of one. */
  tokenId: string | null;
  address: string | null;
}

/** What a stranger may be given; nothing of it is stored. */
export interface UnknownReply {
  device: Device;
  /** The token that the request may hold. */
  token: Token | null;
  facts: FetchFacts;
}

/** `taken`: there is a device by now, or somebody has made it at the same time. */
export type Keeping = 'kept' | 'taken' | 'no-room';

/**
 * When there is no more room, that is looked at again after so long, and said again after so long.
 */
const FULL_SECONDS = 1;
const ALERT_SECONDS = 60;
/** Of one subscriber in an hour: a large site that is rolled out. */
const CREATIONS_TOLD = 250;

/** Unknown MACs, as `UNKNOWN_DEVICES` has it. */
export class UnknownDevices {
  #fullUntil = new Date(0);
  #silentUntil = new Date(0);

  constructor(
    private readonly context: ServiceContext,
    private readonly notes: Pick<FetchNotes, 'addDecoy'>,
  ) {}

  /**
   * What a look-up found, unless that is a decoy of the time when the installation was set to them.
   */
  known(found: FetchFacts | null): FetchFacts | null {
    const isLeft = found?.kind === 'decoy' && this.context.installation.unknownDevices !== 'decoy';
    return isLeft ? null : found;
  }

  /** What a stranger is to be given; null: nothing. */
  foresee(stranger: UnknownFetch): UnknownReply | null {
    const now = this.context.clock.now();
    switch (this.context.installation.unknownDevices) {
      case 'reject':
        return null;
      case 'autoprov': {
        const device = unclaimedDevice(this.context, stranger, now);
        return now < this.#fullUntil ? null : { device, token: null, facts: factsOf(device, null) };
      }
      case 'decoy': {
        const { mac, vendor, tokenId, address } = stranger;
        const device = decoyOf(this.context, mac, vendor, now);
        const token = tokenId === null ? null : possibleToken(tokenId, device, address, now);
        return { device, token, facts: factsOf(device, token) };
      }
    }
  }

  /** Makes what was foreseen, before the stranger is answered. */
  async keep(
    { device, token }: UnknownReply,
    { kind }: TokenFinding,
    address: string | null,
  ): Promise<Keeping> {
    if (device.kind === 'unclaimed') return this.#keepUnclaimed(device, address);
    if (token === null || kind === 'none') return this.#keepDecoy(device, address);
    // Written later: no other phone that comes with its token waits for a write either.
    this.notes.addDecoy({ device, token });
    return 'kept';
  }

  async #keepUnclaimed(device: Device, address: string | null): Promise<Keeping> {
    const { store, clock } = this.context;
    const now = clock.now();
    const keeping = await store.transaction(async (transaction): Promise<Keeping> => {
      const { hasRoom, dropped } = await makeRoomForUnclaimed(transaction, now);
      await recordEvents(transaction, deletedEvents(dropped, 'crowded-out', now));
      if (!hasRoom) return 'no-room';
      await deleteDecoy(transaction, device.mac);
      if (!(await insertDevice(transaction, device))) return 'taken';
      await tellCreated(transaction, device, address, now);
      return 'kept';
    });
    if (keeping === 'no-room') this.#sayFull(now);
    return keeping;
  }

  #sayFull(now: Date): void {
    this.#fullUntil = addSeconds(now, FULL_SECONDS);
    if (now < this.#silentUntil) return;
    this.#silentUntil = addSeconds(now, ALERT_SECONDS);
    this.context.log.error(
      { unclaimed: MAX_UNCLAIMED },
      'there is no room for more unclaimed devices: unknown phones are rejected',
    );
  }

  async #keepDecoy(device: Device, address: string | null): Promise<Keeping> {
    return this.context.store.transaction(async (transaction) => {
      await makeRoomForDecoy(transaction);
      if (!(await insertDevice(transaction, device))) return 'taken';
      const subscriber = subscriberText(address) ?? '';
      await saveOrigin(transaction, { deviceId: device.id, subscriber, isTold: false });
      return 'kept';
    });
  }
}

/**
 * Writes that an unknown phone was given a device: so often an hour for one subscriber, for a
 * scanner makes any number of them.
 */
async function tellCreated(
  transaction: Queryable,
  device: Device,
  address: string | null,
  now: Date,
): Promise<void> {
  const subscriber = subscriberText(address) ?? '';
  const told = await countToldOrigins(transaction, subscriber, addSeconds(now, -REPEAT_SECONDS));
  const isTold = told < CREATIONS_TOLD;
  await saveOrigin(transaction, { deviceId: device.id, subscriber, isTold });
  if (!isTold) return;
  const data = { vendor: device.vendor, model: device.model };
  await recordEvents(transaction, [deviceEvent(device, 'device.created', phoneAt(address), now, data)]);
}

/** A device that waits until its phone dials the code of a line. */
function unclaimedDevice({ masterKey }: ServiceContext, { mac, vendor }: UnknownFetch, now: Date): Device {
  return unmanagedDevice({
    id: randomUUID(),
    mac,
    kind: 'unclaimed',
    vendor,
    authentication: unclaimedAuthentication(completePolicy({}), now),
    keyVersion: masterKey.version,
    createdAt: now,
  });
}
