import JsBarcode from 'jsbarcode';
import { useEffect, useRef, useState } from 'react';
import { encode } from 'uqr';
import { answerOf, api } from '../../api/client.js';
import { Failure } from '../../parts/dialog.js';
import type { Device } from '../../parts/state-badge.js';
import { PARTS } from '../../texts/parts.js';
import { type Language, useLanguage, useTexts } from '../../texts/texts.js';
import { CARD, ROLL_OUT } from './texts.js';
import './cards.css';

/** Cards a sheet of A4: 99.1 × 67.7 mm (Avery L7165). */
const A_SHEET = 8;

/**
 * Cards to print, each with the PIN of one phone. Printing is revealing: it is said before, and
 * each PIN is an event of its own.
 */
export function Cards({ macs, onClose }: { macs: readonly string[]; onClose: () => void }) {
  const t = useTexts(ROLL_OUT);
  const parts = useTexts(PARTS);
  const own = useLanguage();
  const [language, setLanguage] = useState<Language>(own);
  const [start, setStart] = useState(1);
  const [devices, setDevices] = useState<readonly Device[] | null>(null);
  const [error, setError] = useState<Error | null>(null);

  async function reveal() {
    setError(null);
    try {
      const found: Device[] = [];
      for (const mac of macs) {
        const params = { path: { mac }, query: { reveal: 'pap' } } as const;
        found.push(await answerOf(api.GET('/api/v1/devices/{mac}', { params })));
      }
      setDevices(found);
    } catch (failure) {
      setError(failure as Error);
    }
  }

  const blanks = Array.from({ length: start - 1 }, (_, place) => <div key={`blank ${place}`} />);
  return (
    <>
      <div className="head wrap no-print">
        <h1>{t.cards}</h1>
        <span className="grow" />
        <label className="row">
          <span className="muted">{t.language}</span>
          <select
            className="input fits"
            value={language}
            onChange={(event) => setLanguage(event.target.value === 'de' ? 'de' : 'en')}
          >
            <option value="en">English</option>
            <option value="de">Deutsch</option>
          </select>
        </label>
        <label className="row">
          <span className="muted">{t.startAt}</span>
          <input
            className="input fits"
            type="number"
            min={1}
            max={A_SHEET}
            value={start}
            onChange={(event) => setStart(Math.min(A_SHEET, Math.max(1, Number(event.target.value))))}
          />
        </label>
        {devices === null ? (
          <button className="btn primary" type="button" onClick={() => void reveal()}>
            {t.revealAll(macs.length)}
          </button>
        ) : (
          <button className="btn primary" type="button" onClick={() => window.print()}>
            {t.print}
          </button>
        )}
        <button className="btn" type="button" onClick={onClose}>
          {parts.close}
        </button>
      </div>
      <p className="muted no-print">{t.scale}</p>
      <Failure error={error} />
      {devices !== null && (
        <div className="cards">
          {blanks}
          {devices.map((device) => (
            <Card key={device.mac} device={device} language={language} />
          ))}
        </div>
      )}
    </>
  );
}

function Card({ device, language }: { device: Device; language: Language }) {
  const t = CARD[language];
  const pin = device.pap ?? '';
  const half = Math.ceil(pin.length / 2);
  return (
    <article className="card" lang={language}>
      <header>
        <b>{device.label ?? device.model ?? device.vendor}</b>
        <span>{device.tenantName}</span>
      </header>
      <div className="card-body">
        <ol>
          <li>{t.plug}</li>
          <li>{t.dial}</li>
          <li>{t.key}</li>
        </ol>
        <QrCode text={device.mac} />
      </div>
      <div className="card-pin">
        <span>PIN</span>
        <b>
          {pin.slice(0, half)} {pin.slice(half)}
        </b>
      </div>
      <footer>
        <Barcode text={device.mac.replaceAll(':', '')} />
        <span className="mono">{device.mac}</span>
      </footer>
    </article>
  );
}

function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text);
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={text}
      shapeRendering="crispEdges"
    >
      <path d={path.join('')} />
    </svg>
  );
}

/** Code 128 of the twelve digits: 167 modules, each a whole number of printer dots. */
function Barcode({ text }: { text: string }) {
  const svg = useRef<SVGSVGElement>(null);
  useEffect(() => {
    JsBarcode(svg.current, text, { format: 'CODE128', displayValue: false, margin: 0, height: 30, width: 1 });
  }, [text]);
  return <svg ref={svg} className="barcode" role="img" aria-label={text} />;
}
