import { useCallback, useEffect, useState } from 'react';
import { answerOf, api } from '../api/client.js';
import { PARTS } from '../texts/parts.js';
import { useTexts } from '../texts/texts.js';
import { useAnnounce } from './announcer.js';
import { CopyButton } from './copy-button.js';
import { Failure } from './dialog.js';
import './reveal-pin.css';

const SHOWN_SECONDS = 30;

/**
 * The PIN of a device, behind a button: each look is asked of the API, which writes an event. It is
 * hidden again after 30 s, and when the tab loses sight. `fresh` is one that a reset has just
 * answered.
 */
export function RevealPin({
  mac,
  papValid,
  fresh,
}: {
  mac: string;
  papValid: boolean;
  fresh: string | null;
}) {
  const t = useTexts(PARTS);
  const announce = useAnnounce();
  const [pin, setPin] = useState<string | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [left, setLeft] = useState(0);

  const show = useCallback(
    (shown: string) => {
      setPin(shown);
      setLeft(SHOWN_SECONDS);
      announce(t.pinShown);
    },
    [announce, t],
  );
  const hide = useCallback(() => {
    setPin(null);
    announce(t.pinHidden);
  }, [announce, t]);

  useEffect(() => {
    if (fresh !== null) show(fresh);
  }, [fresh, show]);

  useEffect(() => {
    if (pin === null) return;
    const timer = setInterval(() => setLeft((seconds) => seconds - 1), 1000);
    const unseen = () => document.visibilityState === 'hidden' && hide();
    document.addEventListener('visibilitychange', unseen);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', unseen);
    };
  }, [pin, hide]);

  useEffect(() => {
    if (pin !== null && left <= 0) hide();
  }, [pin, left, hide]);

  async function reveal() {
    setError(null);
    try {
      const path = { mac };
      const device = await answerOf(
        api.GET('/api/v1/devices/{mac}', { params: { path, query: { reveal: 'pap' } } }),
      );
      if (typeof device.pap === 'string') show(device.pap);
    } catch (failure) {
      setError(failure as Error);
    }
  }

  if (!papValid && pin === null) return <p className="muted">{t.noPin}</p>;
  const half = pin === null ? 0 : Math.ceil(pin.length / 2);
  return (
    <>
      <div className="row">
        {pin === null ? (
          <>
            <span className="pin muted" aria-hidden="true">
              ••• •••
            </span>
            <span className="grow" />
            <button className="btn sm" type="button" onClick={() => void reveal()}>
              {t.reveal}
            </button>
          </>
        ) : (
          <>
            <span className="pin" translate="no">
              <span>{pin.slice(0, half)}</span>
              <span>{pin.slice(half)}</span>
            </span>
            <CopyButton text={pin} what="PIN" />
            <span className="grow" />
            <button className="btn sm" type="button" onClick={hide}>
              {t.hide(Math.max(left, 0))}
            </button>
          </>
        )}
      </div>
      <Failure error={error} />
    </>
  );
}
