import { Check } from 'lucide-react';
import { PARTS } from '../texts/parts.js';
import { useTexts } from '../texts/texts.js';
import type { Device } from './state-badge.js';
import { At } from './times.js';
import './way.css';

/** The seven stages of a phone, in their order. */
export const STAGES = [
  'created',
  'contacted',
  'minimal',
  'registered',
  'called',
  'authenticated',
  'full',
] as const;
export type Stage = (typeof STAGES)[number];

/** When a device reached a stage; null: not yet. */
export function reachedAt({ progress }: Device, stage: Stage): string | null {
  return progress[`${stage}At`];
}

/** What a stage is on the way: done, the next to come, where the phone is stuck, or still far. */
function markOf(device: Device, stage: Stage): 'done' | 'next' | 'stuck' | 'far' {
  if (device.stuck?.stage === stage) return 'stuck';
  if (reachedAt(device, stage) !== null) return 'done';
  const next = STAGES.find((one) => reachedAt(device, one) === null);
  return next === stage ? 'next' : 'far';
}

/** The way of a phone as dots, for a row of a list. */
export function WayDots({ device }: { device: Device }) {
  const t = useTexts(PARTS);
  const done = STAGES.filter((stage) => reachedAt(device, stage) !== null).length;
  const { stuck } = device;
  const said =
    stuck === null ? t.stagesDone(done) : `${t.stagesDone(done)}, ${t.stuckAt(t.stage(stuck.stage))}`;
  return (
    <span className="way" role="img" aria-label={said} title={said}>
      {STAGES.map((stage) => (
        <i key={stage} className={markOf(device, stage)} />
      ))}
    </span>
  );
}

/** The way of a phone as a line, for its page. */
export function WayLine({ device }: { device: Device }) {
  const t = useTexts(PARTS);
  return (
    <ol className="way-line">
      {STAGES.map((stage) => {
        const at = reachedAt(device, stage);
        const mark = markOf(device, stage);
        return (
          <li key={stage} className={mark}>
            <span className="stop">{at !== null && <Check size={13} aria-hidden="true" />}</span>
            <b>{t.stage(stage)}</b>
            <span className="muted">{at === null ? '–' : <At at={at} />}</span>
          </li>
        );
      })}
    </ol>
  );
}
