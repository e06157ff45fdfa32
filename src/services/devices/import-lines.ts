import { isDeepStrictEqual } from 'node:util';
import type { DeviceSettings } from '../../domain/device-settings.js';
import type { Mac } from '../../domain/mac.js';
import type { VendorId } from '../../domain/vendor-id.js';
import type { LineTransport } from '../../store/schema.js';
import type { SettingsRefused } from './apply-settings.js';

/** The SIP account that a line of a file asks for; null where it does not say. */
export interface Account {
  sipUser: string;
  registrar: string;
  authUser: string | null;
  password: string | null;
  displayName: string | null;
  transport: LineTransport | null;
  provisioningCode: string | null;
}

/** An account, and where in the file it stands. */
export interface PlacedAccount {
  line: number;
  /** What the names of its columns end in: nothing, or a number from 2. */
  suffix: string;
  account: Account;
}

/** A line of a file that asks for a device. */
export interface DeviceLine {
  kind: 'device';
  line: number;
  mac: Mac;
  /** null, like `tenantId`, only where the device is to be there already. */
  vendor: VendorId | null;
  model: string | null;
  label: string | null;
  serialNumber: string | null;
  language: string | null;
  /** Merged into those that it has (RFC 7396). */
  settings: DeviceSettings | null;
  tenantId: string | null;
  /** A site of that tenant. */
  siteName: string | null;
  accounts: PlacedAccount[];
}

/** A line of a file that has more accounts for the device of the line before. */
export interface FurtherLine {
  kind: 'further';
  line: number;
  mac: Mac;
  accounts: PlacedAccount[];
}

/** A line that cannot be read, and why; its MAC where that at least can be. */
export interface UnreadableLine {
  kind: 'unreadable';
  line: number;
  mac: Mac | null;
  /** It would have been one with a further account. */
  isFurther: boolean;
  column: string | null;
  message: string;
}

export type ImportLine = DeviceLine | FurtherLine | UnreadableLine;

/** A device with all accounts that the file has for it, in its order. */
export type WantedDevice = DeviceLine;

/** Why a line makes no device, or gives it no account. */
export type Refusal =
  | { kind: 'unreadable'; column: string | null; message: string }
  | { kind: 'mac-repeated'; firstLine: number }
  | { kind: 'mac-taken' }
  /** The same, told to a key for named tenants: it does not say whose the device is. */
  | { kind: 'mac-unavailable' }
  | { kind: 'device-refused'; deviceLine: number }
  | { kind: 'other-tenant' }
  | { kind: 'site-unknown' }
  | { kind: 'tenant-unknown' }
  | SettingsRefused
  /** There is no such device to be changed, and not enough to make one. */
  | { kind: 'missing'; column: 'vendor' | 'tenantId' }
  | AccountRefusal;

export type AccountRefusal =
  | { kind: 'password-missing' }
  | { kind: 'code-taken' }
  | { kind: 'account-repeated' }
  /** The tenant has the line, with another value there. */
  | { kind: 'account-differs'; column: keyof Account };

export interface RefusedLine {
  kind: 'refused';
  line: number;
  /** Of the columns of its account, where that is what is wrong. */
  suffix?: string;
  because: Refusal;
}

/**
 * Puts the accounts of a device together, and refuses what cannot be read, and a MAC wherever it
 * comes again, whatever came of the line that had it first.
 */
export function* checkLines(lines: Iterable<ImportLine>): Generator<WantedDevice | RefusedLine> {
  const firstLines = new Map<Mac, number>();
  let device: WantedDevice | null = null;
  let deviceLine = 0;
  for (const item of lines) {
    const { line, mac } = item;
    if (item.kind === 'further') {
      if (device !== null) device.accounts.push(...item.accounts);
      else yield { kind: 'refused', line, because: { kind: 'device-refused', deviceLine } };
      continue;
    }
    if (item.kind === 'unreadable' && item.isFurther) {
      yield { kind: 'refused', line, because: item };
      continue;
    }
    if (item.kind === 'device' && item.accounts.length > 0 && device !== null && goesOn(device, item)) {
      device.accounts.push(...item.accounts);
      continue;
    }
    if (device !== null) yield device;
    device = null;
    deviceLine = line;
    const firstLine = mac === null ? undefined : firstLines.get(mac);
    if (mac !== null && firstLine === undefined) firstLines.set(mac, line);
    if (item.kind === 'unreadable') yield { kind: 'refused', line, because: item };
    else if (firstLine !== undefined)
      yield { kind: 'refused', line, because: { kind: 'mac-repeated', firstLine } };
    else device = { ...item, accounts: [...item.accounts] };
  }
  if (device !== null) yield device;
}

const OF_DEVICE = [
  'vendor',
  'model',
  'label',
  'serialNumber',
  'language',
  'settings',
  'tenantId',
  'siteName',
] as const;

/**
 * Whether a line says the same of the device as the one before, as spreadsheets fill columns down,
 * and has another account for it.
 */
function goesOn(device: WantedDevice, item: DeviceLine): boolean {
  const isSame = OF_DEVICE.every(
    (field) => item[field] === null || isDeepStrictEqual(item[field], device[field]),
  );
  const isKnown = device.accounts.some(({ account: { sipUser, registrar } }) =>
    item.accounts.some(({ account }) => account.sipUser === sipUser && account.registrar === registrar),
  );
  return item.mac === device.mac && isSame && !isKnown;
}

/** Up to `size` items at a time. */
export function* batchesOf<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
