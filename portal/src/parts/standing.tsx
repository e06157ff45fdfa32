import { texts, useTexts } from '../texts/texts.js';
import { type Device, lookOf } from './state-badge.js';
import { At, Countdown } from './times.js';
import { reachedAt, STAGES, type Stage } from './way.js';

const STANDING = texts({
  en: {
    locked: 'Locked, left:',
    blocked: 'Blocked: only Reset Authentication opens it',
    approval: 'Waits for Authorize provisioning',
    suspended: 'Full without PIN until',
    noLine: 'Right PIN, but no line',
    done: 'All done,',
    created: 'Waiting for its first contact',
    contacted: 'Seen, has no configuration yet',
    minimal: 'Has its minimal configuration, not registered yet',
    registered: 'Registered, has not called yet',
    called: 'Called, PIN not entered',
    authenticated: 'Right PIN, full configuration not fetched yet',
    full: 'Has its full configuration',
  },
  de: {
    locked: 'Gesperrt, noch',
    blocked: 'Gesperrt: nur Zurücksetzen öffnet es',
    approval: 'Wartet auf die Freigabe',
    suspended: 'Voll ohne PIN bis',
    noLine: 'Richtige PIN, aber kein Anschluss',
    done: 'Alles fertig,',
    created: 'Wartet auf den ersten Kontakt',
    contacted: 'Gesehen, noch ohne Konfiguration',
    minimal: 'Hat die minimale Konfiguration, noch nicht registriert',
    registered: 'Registriert, hat noch nicht angerufen',
    called: 'Hat angerufen, PIN nicht eingegeben',
    authenticated: 'Richtige PIN, volle Konfiguration noch nicht geholt',
    full: 'Hat die volle Konfiguration',
  },
});

/** Where a device stands, in the one short sentence that list and page share. */
export function Standing({ device }: { device: Device }) {
  const t = useTexts(STANDING);
  const { key } = lookOf(device);
  if (key === 'blocked' || key === 'approval' || key === 'noLine') return t[key];
  if (key === 'failed')
    return (
      <>
        {t.locked} {device.failedUntil !== null && <Countdown until={device.failedUntil} />}
      </>
    );
  if (key === 'suspended')
    return (
      <>
        {t.suspended} {device.suspendedUntil !== null && <At at={device.suspendedUntil} />}
      </>
    );
  if (device.stuck !== null) return device.stuck.cause;
  const last = lastStage(device);
  const fullAt = reachedAt(device, 'full');
  if (key === 'successful' && fullAt !== null)
    return (
      <>
        {t.done} <At at={fullAt} />
      </>
    );
  return t[last];
}

function lastStage(device: Device): Stage {
  return STAGES.findLast((stage) => reachedAt(device, stage) !== null) ?? 'created';
}
