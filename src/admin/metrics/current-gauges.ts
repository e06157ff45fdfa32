import { Gauge, type Registry } from 'prom-client';
import { AUTHENTICATION_STATES } from '../../domain/authentication.js';
import { NETWORK_KINDS } from '../../domain/network.js';
import type { Counts } from '../../services/counts.js';

/**
 * A number of something that there is now; the values that its label can have, where it has one.
 */
interface PresentGauge {
  name: string;
  help: string;
  label?: string;
  parts: readonly (string | null)[];
  valueOf: (counts: Counts, part: string | null) => number | null;
}

const counted =
  (what: Counts['present'][number]['what']) =>
  ({ present }: Counts, part: string | null): number =>
    present.find((one) => one.what === what && one.part === part)?.count ?? 0;

const CURRENT_GAUGES: readonly PresentGauge[] = [
  {
    name: 'dialgate_devices',
    help: 'Devices by the state that they are in; unclaimed ones wait for the code of a line.',
    label: 'state',
    parts: [...AUTHENTICATION_STATES, 'unclaimed'],
    valueOf: counted('devices'),
  },
  {
    name: 'dialgate_devices_attention',
    help: 'Devices that an administrator should look at.',
    parts: [null],
    valueOf: counted('attention'),
  },
  {
    name: 'dialgate_registrations',
    help: 'Phones that are registered with the authentication service.',
    parts: [null],
    valueOf: counted('registrations'),
  },
  {
    name: 'dialgate_resyncs_open',
    help: 'Phones that have been asked, or are to be asked, to fetch, and have not yet.',
    parts: [null],
    valueOf: counted('resyncs'),
  },
  {
    name: 'dialgate_networks',
    help: 'Networks that are trusted.',
    label: 'kind',
    parts: NETWORK_KINDS,
    valueOf: counted('networks'),
  },
  {
    name: 'dialgate_audit_unsealed_events',
    help: 'Events that wait to be sealed; more than a few thousand for long means that the audit log is not sealed any further.',
    parts: [null],
    valueOf: counted('unsealed'),
  },
  {
    name: 'dialgate_webhook_deliveries',
    help: 'Deliveries to webhooks that are pending, and those that were given up.',
    label: 'state',
    parts: ['pending', 'dead'],
    valueOf: counted('deliveries'),
  },
  {
    name: 'dialgate_webhook_lag_seconds',
    help: 'For how long the oldest pending delivery to a webhook has been tried, or waited.',
    parts: [null],
    valueOf: counted('lag'),
  },
  {
    name: 'dialgate_sip_applications',
    help: 'SIP applications that report a SIP server, or a media server.',
    label: 'with',
    parts: ['sip_server', 'media_server'],
    valueOf: ({ sipApplications: { sipServer, mediaServer } }, part) =>
      part === 'sip_server' ? sipServer : mediaServer,
  },
  {
    name: 'dialgate_database_connections',
    help: 'Connections of this process to PostgreSQL, and requests that wait for one; none with the embedded database.',
    label: 'state',
    parts: ['busy', 'idle', 'waiting'],
    valueOf: ({ connections }, part) =>
      connections === null ? null : connections[part as keyof typeof connections],
  },
];

/** Makes the gauges. What it answers sets them, or empties them where the counts are unknown. */
export function currentGauges(registry: Registry): (counts: Counts | null) => void {
  const sets = CURRENT_GAUGES.map(({ name, help, label, parts, valueOf }) => {
    const labelNames = label === undefined ? [] : [label];
    const gauge = new Gauge<string>({ name, help, labelNames, registers: [registry] });
    return (counts: Counts | null): void => {
      gauge.reset();
      // Without labels that sets it to 0, which would be a false figure.
      if (label === undefined) gauge.remove();
      if (counts === null) return;
      for (const part of parts) {
        const value = valueOf(counts, part);
        if (value !== null) gauge.set(label === undefined || part === null ? {} : { [label]: part }, value);
      }
    };
  });
  return (counts) => {
    for (const set of sets) set(counts);
  };
}
