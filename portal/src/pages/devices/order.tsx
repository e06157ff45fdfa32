import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api, type Schemas } from '../../api/client.js';
import type { paths } from '../../api/schema.js';
import { Confirm, DialogFrame } from '../../parts/dialog.js';
import type { Role } from '../../session/session.js';
import { PARTS } from '../../texts/parts.js';
import { number, useLanguage, useTexts } from '../../texts/texts.js';
import type { DeviceQuery } from './filter.js';
import { BULK } from './texts.js';

type ActionBody = paths['/api/v1/devices/actions']['post']['requestBody']['content']['application/json'];

export const ACTIONS = [
  'reset-authentication',
  'suspend-authentication',
  'end-suspension',
  'authorize-provisioning',
  'resync',
  'delete',
] as const;
export type Action = (typeof ACTIONS)[number];

/** What a support key may do to one device it may do to many. */
const SUPPORT: readonly Action[] = ['suspend-authentication', 'end-suspension', 'resync'];

export function actionsOf(role: Role): readonly Action[] {
  return role === 'support' ? SUPPORT : ACTIONS;
}

/** Something to be done to devices: to those named, or to all that a filter finds. */
export interface Order {
  action: Action;
  devices: { macs: readonly string[]; names: readonly string[] } | { filter: DeviceQuery };
  /** How many there are. It goes along as `expect`: the API refuses where it finds another number. */
  n: number;
}

/** Asks whether to do it, does it as a job of the API, and shows how far that is. */
export function OrderDialog({
  order,
  onClose,
  onOrder,
}: {
  order: Order;
  onClose: () => void;
  onOrder: (order: Order) => void;
}) {
  const t = useTexts(BULK);
  const language = useLanguage();
  const client = useQueryClient();
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const [jobId, setJobId] = useState<string | null>(null);
  const { action, devices, n } = order;

  async function give() {
    setPending(true);
    setError(null);
    try {
      const who = 'macs' in devices ? { macs: [...devices.macs] } : { filter: devices.filter };
      const job = await answerOf(
        // One action of a union: its members are told apart by the API.
        api.POST('/api/v1/devices/actions', { body: { action, expect: n, ...who } as ActionBody }),
      );
      setJobId(job.jobId);
    } catch (failure) {
      setError(failure as Error);
    } finally {
      setPending(false);
    }
  }

  if (jobId === null)
    return (
      <Confirm
        title={t.title(t.verb(action), number(language, n), n)}
        consequence={t.consequence(action)}
        verb={t.verb(action)}
        isDanger={action === 'delete' || action === 'reset-authentication'}
        isPending={isPending}
        error={error}
        onConfirm={() => void give()}
        onClose={onClose}
      >
        {'names' in devices && (
          <p className="names">
            {devices.names.slice(0, 5).join(', ')}
            {n > 5 && ' …'}
          </p>
        )}
      </Confirm>
    );
  return (
    <JobProgress
      id={jobId}
      onRetry={(macs) => {
        setJobId(null);
        onOrder({ action, devices: { macs, names: macs }, n: macs.length });
      }}
      onClose={() => {
        void client.invalidateQueries({ queryKey: ['live'] });
        onClose();
      }}
    />
  );
}

interface JobProgressProps {
  id: string;
  onRetry: (macs: readonly string[]) => void;
  onClose: () => void;
}

/** How far a job has come, and what failed with its reason. */
export function JobProgress({ id, onRetry, onClose }: JobProgressProps) {
  const t = useTexts(BULK);
  const parts = useTexts(PARTS);
  const { data: job } = useQuery({
    queryKey: ['job', id],
    queryFn: async () => {
      const params = { path: { jobId: id } };
      return (await answerOf(api.GET('/api/v1/jobs/{jobId}', { params }))) as Schemas['Job'];
    },
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? 500 : false),
  });
  const over = (job?.done ?? 0) + (job?.failed ?? 0);
  const share = job === undefined || job.total === 0 ? 0 : over / job.total;
  const failures = (job?.results ?? []).filter(({ ok }) => !ok);
  const again = failures.flatMap(({ mac }) => mac ?? []);
  return (
    <DialogFrame title={job === undefined ? parts.pending : t.state(job.state)} onClose={onClose}>
      <progress className="progress" max={1} value={share} aria-label={t.progress} />
      {job !== undefined && <p role="status">{t.counted(job.done, job.failed, job.total)}</p>}
      {failures.length > 0 && (
        <ul className="failures">
          {failures.slice(0, 100).map(({ mac, error }) => (
            <li key={mac}>
              <span className="mono">{mac}</span> {error}
            </li>
          ))}
        </ul>
      )}
      <div className="actions">
        {job?.state === 'running' && (
          <button
            className="btn"
            type="button"
            onClick={() => void api.DELETE('/api/v1/jobs/{jobId}', { params: { path: { jobId: id } } })}
          >
            {t.stop}
          </button>
        )}
        {job?.state !== 'running' && again.length > 0 && (
          <button className="btn" type="button" onClick={() => onRetry(again)}>
            {t.again}
          </button>
        )}
        <button className="btn primary" type="button" onClick={onClose}>
          {parts.close}
        </button>
      </div>
    </DialogFrame>
  );
}
