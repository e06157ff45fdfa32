import { Info, TriangleAlert } from 'lucide-react';
import { type Device, lookOf } from '../../parts/state-badge.js';
import { When } from '../../parts/times.js';
import { WayLine } from '../../parts/way.js';
import { useTexts } from '../../texts/texts.js';
import { DEVICE } from './texts.js';

/** How far a phone has come, where it waits, and what to do about it. */
export function WayPanel({ device }: { device: Device }) {
  const t = useTexts(DEVICE);
  const { stuck } = device;
  const { key } = lookOf(device);
  return (
    <section className="panel way-panel" aria-labelledby="way">
      <header>
        <h2 id="way">{t.way}</h2>
        <span className="grow" />
        {stuck !== null && (
          <span className="muted small">
            {t.waitsSince} <When at={stuck.since} />
          </span>
        )}
      </header>
      <div className="body grid">
        <WayLine device={device} />
        {stuck === null ? (
          <p className={`note tone-${key === 'successful' ? 'ok' : 'wait'}`}>
            <Info size={16} aria-hidden="true" />
            <span>{t.whatNext(key)}</span>
          </p>
        ) : (
          <p className="note tone-warn">
            <TriangleAlert size={16} aria-hidden="true" />
            <span>{stuck.cause}</span>
          </p>
        )}
      </div>
    </section>
  );
}
