import { join } from 'node:path';
import { type DryRun, dryRun } from '../configuration/dry-run.js';
import { loadTemplates } from '../configuration/load-templates.js';
import type { FullReason, MinimalReason } from '../domain/access.js';
import { parseMac } from '../domain/mac.js';
import { STAGES } from '../domain/progress.js';
import { StartupFault } from '../domain/startup-fault.js';
import { type DeviceDetails, showDevice } from '../services/devices/device-details.js';
import { findDeviceByMac } from '../store/devices.js';
import { readOptions } from './configuration.js';
import { withDatabase } from './with-database.js';

const USAGE = `dialgate explain --mac MAC

Says how far the phone with this MAC has come and when, where it is stuck and why, and which configuration it would get now and why.
Nothing secret is shown, and nothing is changed.

Works on the database that DATABASE_URL or DATA_DIR names. The embedded database has one process at a time: stop Dialgate first, or ask
the API (GET /api/v1/devices/MAC: progress and stuck).
`;

/** `dialgate explain`: what keeps a phone from its configuration. */
export async function explain(parameters: string[]): Promise<number> {
  const { values } = readOptions({
    args: parameters,
    options: { mac: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  const mac = parseMac(values.mac ?? '');
  if (mac === null) throw new StartupFault('--mac takes the MAC address of one device.');

  return withDatabase(async (context, { dataDir }) => {
    const device = await findDeviceByMac(context.store.db, mac);
    if (device === null) throw new StartupFault('There is no such device.');
    const details = await showDevice(context, device, null);
    const templates = await loadTemplates(join(dataDir, 'templates'), context.log);
    const outcome = await dryRun({ ...context, templates }, mac, { as: null, model: null });
    const served = outcome.kind === 'shown' ? outcome.dryRun : null;
    process.stdout.write(`${[...describe(details), ...describeServed(served)].join('\n')}\n`);
    return 0;
  });
}

function describe({
  device,
  tenantName,
  siteName,
  lines,
  displayText,
  registered,
  progress,
  stuck,
}: DeviceDetails): string[] {
  const { state, failedUntil, suspendedUntil } = device.authentication;
  const named = lines.map(({ label, sipUser }) => `${label} (${sipUser})`).join(', ');
  const seen =
    device.lastSeenAt === null
      ? 'never'
      : `${device.lastSeenAt.toISOString()} from ${device.lastSeenAddress ?? 'an unknown address'}`;
  return [
    row('device', [device.mac, device.vendor, device.model, device.label].filter(Boolean).join(' ')),
    row('tenant', [tenantName ?? 'none', siteName].filter(Boolean).join(', ')),
    row('lines', named === '' ? 'none' : named),
    row(
      'state',
      `${state}${until(failedUntil, 'locked until')}${until(suspendedUntil, 'suspended until')}${displayText === null ? '' : `, shows “${displayText}”`}`,
    ),
    row('attention', device.attention ?? 'none'),
    row('seen', seen),
    row('reachable', registered ? 'yes, it is registered' : 'no, it is not registered'),
    ...STAGES.map((stage) => row(stage, progress[`${stage}At`]?.toISOString() ?? 'not yet')),
    row('stuck', stuck === null ? 'no' : `at ${stuck.stage} since ${stuck.since.toISOString()}`),
    ...(stuck === null ? [] : [row('cause', stuck.cause)]),
  ];
}

function describeServed(served: DryRun | null): string[] {
  if (served === null) return [row('gets', 'nothing: there is no configuration for phones of its make yet')];
  const { wouldSend, reason, because, address, token } = served;
  const observed =
    because === undefined ? '' : `; an enforcing policy would send minimal: ${WHY[because]} (${because})`;
  return [
    row('gets', `${wouldSend}: ${WHY[reason]} (${reason})${observed}`),
    row(
      'asking',
      `from ${address ?? 'nowhere yet'} with ${token === null ? 'no token' : `a ${token} token`}`,
    ),
  ];
}

const until = (time: Date | null, what: string): string =>
  time === null ? '' : `, ${what} ${time.toISOString()}`;

const row = (name: string, text: string): string => `${name.padEnd(14)}${text}`;

/** Why a phone gets the configuration that it gets. */
const WHY: Readonly<Record<FullReason | MinimalReason, string>> = {
  token: 'its phone has proved itself and holds a token',
  suspension: 'its authentication is suspended',
  network: 'it asks from a permanent trusted network of its tenant',
  'temporary-network': 'it asks from a temporary trusted network of its tenant',
  window: 'its provisioning window is open',
  open: 'the policy of its tenant asks for no second factor',
  'not-enforced': 'the policy of its tenant only observes',
  needed: 'it has not proved itself',
  failed: 'it is locked after wrong PINs',
  blocked: 'it is blocked after too many wrong PINs',
  successful: 'its device has proved itself, and this request would come without the token',
  unauthorized: 'an administrator must authorize it',
  mismatch: 'the request names another MAC address as well',
};
