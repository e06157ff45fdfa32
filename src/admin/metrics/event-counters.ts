import { Counter, type Registry } from 'prom-client';
import { FULL_REASONS, MINIMAL_REASONS } from '../../domain/access.js';
import type { EventType } from '../../domain/events.js';
import { BUDGETS } from '../../domain/guess-budget.js';
import type { EventCount } from '../../store/event-counts.js';

/**
 * A counter of events: of which, and by what they are told apart. All label values are named here,
 * so that there are never more of them.
 */
interface EventCounter {
  name: string;
  help: string;
  of: Partial<Record<EventType, Readonly<Record<string, string>>>>;
  /** The label that an event's detail is; and which details each type has. */
  detail?: { label: string; values: Partial<Record<EventType, readonly string[]>> };
}

const EVENT_COUNTERS: readonly EventCounter[] = [
  {
    name: 'dialgate_configurations_total',
    help: 'Configurations that were served, by why; those that had not changed since (304) are not counted.',
    of: { 'config.minimal': { kind: 'minimal' }, 'config.full': { kind: 'full' } },
    detail: { label: 'reason', values: { 'config.minimal': MINIMAL_REASONS, 'config.full': FULL_REASONS } },
  },
  {
    name: 'dialgate_attempts_total',
    help: 'Complete entries of PINs and of line codes, by what became of them.',
    of: {
      'pap.accepted': { asked: 'pap', verdict: 'accepted' },
      'pap.wrong': { asked: 'pap', verdict: 'wrong' },
      'pap.refused': { asked: 'pap', verdict: 'refused' },
      'code.accepted': { asked: 'code', verdict: 'accepted' },
      'code.wrong': { asked: 'code', verdict: 'wrong' },
      'code.refused': { asked: 'code', verdict: 'refused' },
    },
  },
  {
    name: 'dialgate_lockouts_total',
    help: 'Devices that were locked for a while (failed) or until an administrator resets them (blocked).',
    of: { 'device.failed': { state: 'failed' }, 'device.blocked': { state: 'blocked' } },
  },
  {
    name: 'dialgate_budgets_spent_total',
    help: 'Guess budgets that were spent: of a source, a tenant, or the installation.',
    of: { 'budget.spent': {} },
    detail: { label: 'budget', values: { 'budget.spent': BUDGETS } },
  },
  {
    name: 'dialgate_resyncs_total',
    help: 'NOTIFY requests that were sent, and how they were answered; failed are also those that no phone came for.',
    of: {
      'resync.sent': { result: 'sent' },
      'resync.answered': { result: 'answered' },
      'resync.failed': { result: 'failed' },
    },
  },
  {
    name: 'dialgate_calls_total',
    help: 'Calls to the authentication service, and emergency calls.',
    of: { 'call.authentication': { kind: 'authentication' }, 'call.emergency': { kind: 'emergency' } },
  },
  {
    name: 'dialgate_suspicions_total',
    help: 'Phones that came without their token, from a second address, or in contradiction to themselves.',
    of: {
      'device.token_missing': { kind: 'token_missing' },
      'device.contested': { kind: 'contested' },
      'device.mismatch': { kind: 'mismatch' },
    },
  },
];

/** Makes the counters, all at 0. What it answers sets them to the totals that were read. */
export function eventCounters(registry: Registry): (totals: readonly EventCount[]) => void {
  const sets = EVENT_COUNTERS.map((counter) => eventCounter(counter, registry));
  return (totals) => {
    for (const set of sets) set(totals);
  };
}

function eventCounter(
  { name, help, of, detail }: EventCounter,
  registry: Registry,
): (totals: readonly EventCount[]) => void {
  const series = Object.entries(of).flatMap(([type, labels]) =>
    (detail?.values[type as EventType] ?? [null]).map((value) => ({
      type,
      detail: value,
      labels: detail === undefined || value === null ? labels : { ...labels, [detail.label]: value },
    })),
  );
  const labelNames = [...new Set(series.flatMap(({ labels }) => Object.keys(labels)))];
  const counter = new Counter({ name, help, labelNames, registers: [registry] });
  const set = (totals: readonly EventCount[]): void => {
    counter.reset();
    for (const one of series) {
      const counted = totals.filter(
        (total) => total.type === one.type && (one.detail === null || total.detail === one.detail),
      );
      counter.inc(
        one.labels,
        counted.reduce((sum, { count }) => sum + count, 0),
      );
    }
  };
  set([]);
  return set;
}
