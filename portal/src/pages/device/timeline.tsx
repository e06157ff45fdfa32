import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { listEvents } from '../../events/list.js';
import { eventIcon } from '../../events/icon.js';
import { sentenceOf } from '../../events/sentence.js';
import { Loaded } from '../../parts/loaded.js';
import type { Device } from '../../parts/state-badge.js';
import { localeOf, useLanguage, useTexts } from '../../texts/texts.js';
import { DEVICE } from './texts.js';

const SHOWN = 40;

/** What happened to a device, the newest first, in sentences. */
export function Timeline({ device: { mac } }: { device: Device }) {
  const t = useTexts(DEVICE);
  const language = useLanguage();
  const query = useQuery({
    queryKey: ['live', 'events', mac],
    queryFn: () => listEvents({ mac, order: 'desc', limit: SHOWN }),
  });
  const locale = localeOf(language);
  const day = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
  return (
    <section className="panel timeline-panel" aria-labelledby="happened">
      <header>
        <h2 id="happened">{t.happened}</h2>
        <span className="grow" />
        <Link className="link" to={`/audit?mac=${mac}`}>
          {t.inAuditLog}
        </Link>
      </header>
      <Loaded query={query}>
        {({ items }) => (
          <ol className="timeline">
            {items.map((event, index) => {
              const at = new Date(event.at);
              const before = items[index - 1];
              const isNewDay = before === undefined || day.format(new Date(before.at)) !== day.format(at);
              const { text, detail } = sentenceOf(event, language);
              const Icon = eventIcon(event.type);
              return (
                <li key={event.position}>
                  {isNewDay && <div className="day">{day.format(at)}</div>}
                  <div className="event">
                    <time dateTime={event.at}>{time.format(at)}</time>
                    <Icon size={15} aria-hidden="true" />
                    <div>
                      {text}
                      {detail !== '' && <small>{detail}</small>}
                    </div>
                  </div>
                </li>
              );
            })}
          </ol>
        )}
      </Loaded>
    </section>
  );
}
