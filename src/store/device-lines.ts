import type { Mac } from '../domain/mac.js';
import type { Queryable } from './store.js';

/**
 * Which lines each of the devices has, in the order of its keys; a device without lines is not in
 * the map.
 */
export async function lineIdsOfDevices(
  db: Queryable,
  deviceIds: readonly string[],
): Promise<Map<string, string[]>> {
  const lines = new Map<string, string[]>();
  if (deviceIds.length === 0) return lines;
  const rows = await db
    .selectFrom('deviceLines')
    .select(['deviceId', 'lineId'])
    .where('deviceId', 'in', [...deviceIds])
    .orderBy('deviceId')
    .orderBy('position')
    .execute();
  for (const row of rows) lines.set(row.deviceId, [...(lines.get(row.deviceId) ?? []), row.lineId]);
  return lines;
}

/** A line as a list of devices names it. */
export interface DeviceLine {
  id: string;
  label: string;
  sipUser: string;
}

/** The lines of each of the devices, in the order of its keys. */
export async function linesOfDevices(
  db: Queryable,
  deviceIds: readonly string[],
): Promise<Map<string, DeviceLine[]>> {
  const lines = new Map<string, DeviceLine[]>();
  if (deviceIds.length === 0) return lines;
  const rows = await db
    .selectFrom('deviceLines')
    .innerJoin('lines', 'lines.id', 'deviceLines.lineId')
    .select(['deviceId', 'lines.id', 'lines.label', 'lines.sipUser'])
    .where('deviceId', 'in', [...deviceIds])
    .orderBy('deviceId')
    .orderBy('position')
    .execute();
  for (const { deviceId, ...line } of rows) lines.set(deviceId, [...(lines.get(deviceId) ?? []), line]);
  return lines;
}

/** The MACs of the devices that have each of the lines. */
export async function macsOfLines(db: Queryable, lineIds: readonly string[]): Promise<Map<string, Mac[]>> {
  const macs = new Map<string, Mac[]>();
  if (lineIds.length === 0) return macs;
  const rows = await db
    .selectFrom('deviceLines')
    .innerJoin('devices', 'devices.id', 'deviceLines.deviceId')
    .select(['lineId', 'devices.mac'])
    .where('lineId', 'in', [...lineIds])
    .orderBy('devices.mac')
    .execute();
  for (const { lineId, mac } of rows) macs.set(lineId, [...(macs.get(lineId) ?? []), mac]);
  return macs;
}

/** Gives a device these lines, in this order, instead of those it has. */
export async function replaceDeviceLines(
  transaction: Queryable,
  deviceId: string,
  lineIds: readonly string[],
): Promise<void> {
  await transaction.deleteFrom('deviceLines').where('deviceId', '=', deviceId).execute();
  await insertDeviceLines(transaction, [{ deviceId, lineIds }]);
}

/** Gives devices that have none their lines, each in their order. */
export async function insertDeviceLines(
  transaction: Queryable,
  devices: readonly { deviceId: string; lineIds: readonly string[] }[],
): Promise<void> {
  const rows = devices.flatMap(({ deviceId, lineIds }) =>
    lineIds.map((lineId, position) => ({ deviceId, position, lineId })),
  );
  if (rows.length > 0) await transaction.insertInto('deviceLines').values(rows).execute();
}

/** Gives a device one more line, after those it has; one that it has already stays where it is. */
export async function appendDeviceLine(
  transaction: Queryable,
  deviceId: string,
  lineId: string,
): Promise<void> {
  const present = (await lineIdsOfDevices(transaction, [deviceId])).get(deviceId) ?? [];
  if (present.includes(lineId)) return;
  await replaceDeviceLines(transaction, deviceId, [...present, lineId]);
}

/**
 * The ids of devices that have a line, each kept from being changed until the transaction ends; in
 * their order, so that two who do this wait.
 */
export async function lockDevicesWithLine(transaction: Queryable, lineId: string): Promise<string[]> {
  const rows = await transaction
    .selectFrom('devices')
    .select('id')
    .where('id', 'in', (devices) =>
      devices.selectFrom('deviceLines').select('deviceId').where('lineId', '=', lineId),
    )
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  return rows.map((row) => row.id);
}
