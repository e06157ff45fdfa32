import { STATES } from '../texts/states.js';
import { localeOf, texts, useLanguage, useTexts } from '../texts/texts.js';
import { type Device, lookOf } from './state-badge.js';
import { useNow } from './times.js';
import './phone-display.css';

const TEXTS = texts({
  en: { shows: 'What the phone shows now', free: 'The phone shows its own screen' },
  de: { shows: 'Was das Telefon jetzt zeigt', free: 'Das Telefon zeigt seine eigene Anzeige' },
});

/** The display of a phone, drawn with what it shows now. */
export function PhoneDisplay({ device }: { device: Device }) {
  const t = useTexts(TEXTS);
  const states = useTexts(STATES);
  const locale = localeOf(useLanguage());
  const now = useNow(10_000);
  const { key } = lookOf(device);
  const line = device.lines[0];
  const shown =
    device.displayText ?? (key === 'successful' ? (line?.label ?? device.label ?? '') : states[key]);
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(now);
  const day = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' }).format(
    now,
  );
  return (
    <figure className="lcd-frame">
      <div className="lcd">
        <div className="lcd-top" aria-hidden="true">
          <span>{time}</span>
          <span>{day}</span>
        </div>
        <div className="lcd-text">{shown}</div>
        <div className="lcd-keys" aria-hidden="true">
          {['History', 'Dir', 'DND', 'Menu'].map((name) => (
            <span key={name}>{name}</span>
          ))}
        </div>
      </div>
      <figcaption className="muted small">{device.displayText === null ? t.free : t.shows}</figcaption>
    </figure>
  );
}
