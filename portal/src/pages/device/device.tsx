import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import { answerOf, api, ApiProblem } from '../../api/client.js';
import { CopyButton } from '../../parts/copy-button.js';
import { Empty } from '../../parts/empty.js';
import { Loaded } from '../../parts/loaded.js';
import { readMac } from '../../parts/mac.js';
import { PhoneDisplay } from '../../parts/phone-display.js';
import { RevealPin } from '../../parts/reveal-pin.js';
import { type Device, StateBadge } from '../../parts/state-badge.js';
import { Countdown, useNow, When } from '../../parts/times.js';
import { VENDOR_NAMES } from '../../parts/vendors.js';
import { useSession } from '../../session/session.js';
import { useTexts } from '../../texts/texts.js';
import { Actions } from './actions.js';
import { ConfigurationPanel } from './configuration.js';
import { EditDevice } from './edit-device.js';
import { DEVICE } from './texts.js';
import { Timeline } from './timeline.js';
import { WayPanel } from './way-panel.js';
import './device.css';

/** The page of one device, at `/devices/<mac>`. */
export function DevicePage() {
  const t = useTexts(DEVICE);
  const { mac: text } = useParams<{ mac: string }>();
  const mac = readMac(decodeURIComponent(text)) ?? text;
  const query = useQuery({
    queryKey: ['live', 'device', mac],
    queryFn: () => answerOf(api.GET('/api/v1/devices/{mac}', { params: { path: { mac } } })),
  });
  const isMissing =
    query.error instanceof ApiProblem && query.error.status < 500 && query.error.status !== 401;
  if (isMissing && query.data === undefined)
    return <Empty title={t.missing} hint={t.missingHint(mac)} link={{ to: '/devices', text: t.devices }} />;
  return <Loaded query={query}>{(device) => <DeviceView device={device} isGone={isMissing} />}</Loaded>;
}

function DeviceView({ device, isGone }: { device: Device; isGone: boolean }) {
  const t = useTexts(DEVICE);
  const { role } = useSession();
  const [fresh, setFresh] = useState<string | null>(null);
  const facts = [VENDOR_NAMES[device.vendor], device.model].filter(Boolean).join(' ');
  return (
    <>
      <nav className="crumbs muted" aria-label={t.where}>
        <Link className="link" to="/devices">
          {t.devices}
        </Link>
        {device.tenantId !== null && (
          <>
            {' / '}
            <Link className="link" to={`/devices?tenantId=${device.tenantId}`}>
              {device.tenantName}
            </Link>
          </>
        )}
        {device.siteId !== null && (
          <>
            {' / '}
            <Link className="link" to={`/devices?tenantId=${device.tenantId ?? ''}&siteId=${device.siteId}`}>
              {device.siteName}
            </Link>
          </>
        )}
      </nav>
      <div className="head wrap">
        <h1>{device.label ?? device.mac}</h1>
        <StateBadge device={device} />
        <span className="muted">
          {facts} · <span className="mono">{device.mac}</span>
        </span>
        <CopyButton text={device.mac} what="MAC" />
      </div>
      {isGone && (
        <p role="status" className="note tone-warn">
          {t.gone}
        </p>
      )}
      <Actions device={device} onFreshPin={setFresh} />
      <div className="cols device">
        <div className="grid">
          <WayPanel device={device} />
          <Timeline device={device} />
        </div>
        <div className="grid">
          <section className="panel display" aria-label={t.display}>
            <div className="body">
              <PhoneDisplay device={device} />
            </div>
          </section>
          {role !== 'support' && (
            <section className="panel pin-panel" aria-labelledby="pin">
              <header>
                <h2 id="pin">PIN</h2>
                <span className="grow" />
                <span className="muted small">{device.papValid ? t.validUntilUsed : t.none}</span>
              </header>
              <div className="body">
                <RevealPin mac={device.mac} papValid={device.papValid} fresh={fresh} />
              </div>
            </section>
          )}
          <Whereabouts device={device} />
          <section className="panel" aria-labelledby="lines">
            <header>
              <h2 id="lines">{t.lines}</h2>
              <span className="grow" />
              {role !== 'support' && <EditDevice device={device} />}
            </header>
            {device.lines.length === 0 ? (
              <p className="body muted">{t.noLines}</p>
            ) : (
              <dl className="facts">
                {device.lines.map((line, index) => (
                  <div className="pair" key={line.id}>
                    <dt>{index + 1}</dt>
                    <dd>
                      <b>{line.label}</b>
                      <br />
                      <span className="muted mono">{line.sipUser}</span>
                    </dd>
                  </div>
                ))}
              </dl>
            )}
          </section>
          <ConfigurationPanel mac={device.mac} />
        </div>
      </div>
    </>
  );
}

function Whereabouts({ device }: { device: Device }) {
  const t = useTexts(DEVICE);
  const now = useNow(5000);
  const rows: [string, React.ReactNode][] = [
    [t.lastSeen, device.lastSeenAt === null ? t.never : <When both at={device.lastSeenAt} />],
    [t.address, <span className="mono">{device.lastSeenAddress ?? '–'}</span>],
    [t.registered, device.registered ? t.yes : t.no],
    [
      t.provisioned,
      device.lastProvisionedAt === null ? t.never : <When both at={device.lastProvisionedAt} />,
    ],
    [t.serialNumber, device.serialNumber ?? '–'],
  ];
  if (device.failedUntil !== null) rows.push([t.lockedFor, <Countdown until={device.failedUntil} />]);
  if (device.suspendedUntil !== null)
    rows.push([t.suspendedFor, <Countdown until={device.suspendedUntil} />]);
  if (device.firstSyncUntil !== null && new Date(device.firstSyncUntil) > now)
    rows.push([t.windowFor, <When both at={device.firstSyncUntil} />]);
  if (device.resync !== null)
    rows.push([t.resync, t.resyncSaid(device.resync.outcome, device.resync.status)]);
  return (
    <section className="panel" aria-labelledby="where">
      <header>
        <h2 id="where">{t.whereItIs}</h2>
      </header>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div className="pair" key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
