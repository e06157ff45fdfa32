import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Check, KeyRound, LockKeyhole, LockKeyholeOpen, RefreshCw } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useLocation } from 'wouter';
import { answerOf, api } from '../../api/client.js';
import { useAnnounce } from '../../parts/announcer.js';
import type { Device } from '../../parts/state-badge.js';
import { useSession } from '../../session/session.js';
import { PARTS } from '../../texts/parts.js';
import { useTexts } from '../../texts/texts.js';
import { DEVICE } from './texts.js';

const Confirm = lazy(async () => ({ default: (await import('../../parts/dialog.js')).Confirm }));

type Order = 'reset' | 'suspend' | 'resume' | 'authorize' | 'resync' | 'delete';

/** What can be ordered of a device. What loses something asks first. */
export function Actions({ device, onFreshPin }: { device: Device; onFreshPin: (pin: string) => void }) {
  const t = useTexts(DEVICE);
  const parts = useTexts(PARTS);
  const { role } = useSession();
  const client = useQueryClient();
  const announce = useAnnounce();
  const [, navigate] = useLocation();
  const [asked, setAsked] = useState<Order | null>(null);
  const order = useMutation({
    mutationFn: (what: Order) => give(what, device.mac),
    onSuccess: (answered, what) => {
      announce(t.done(what));
      if (what === 'delete') navigate('/devices');
      if (typeof answered?.pap === 'string') onFreshPin(answered.pap);
      void client.invalidateQueries({ queryKey: ['live'] });
    },
  });
  const isBusy = (what: Order) => order.isPending && order.variables === what;
  const name = device.label ?? device.mac;
  const isSuspended = device.suspendedUntil !== null;
  const needsApproval = device.displayText === 'Authorize provisioning!';

  const button = (what: Order, text: string, Icon: typeof Check, isEnabled = true, mustAsk = false) => (
    <button
      className="btn"
      type="button"
      disabled={!isEnabled}
      aria-busy={isBusy(what)}
      onClick={() => {
        if (order.isPending) return;
        if (mustAsk) setAsked(what);
        else order.mutate(what);
      }}
    >
      <Icon size={15} aria-hidden="true" />
      {isBusy(what) ? parts.pending : text}
    </button>
  );

  return (
    <div className="acts" role="group" aria-label={t.actions}>
      {role !== 'support' && button('reset', t.reset, KeyRound, true, true)}
      {isSuspended
        ? button('resume', t.resume, LockKeyhole)
        : button('suspend', t.suspend, LockKeyholeOpen, true, true)}
      {role !== 'support' && button('authorize', t.authorize, Check, needsApproval)}
      {button('resync', t.resyncNow, RefreshCw)}
      {role !== 'support' && (
        <button className="btn quiet danger" type="button" onClick={() => setAsked('delete')}>
          {parts.remove}
        </button>
      )}
      {order.error !== null && asked === null && (
        <p role="alert" className="note tone-stop">
          {order.error.message}
        </p>
      )}
      <Suspense>
        {asked !== null && (
          <Confirm
            title={t.question(asked, name)}
            consequence={t.consequence(asked)}
            verb={asked === 'delete' ? parts.remove : asked === 'suspend' ? t.suspend : t.reset}
            isDanger={asked !== 'suspend'}
            isPending={order.isPending}
            error={order.error}
            onConfirm={() => order.mutate(asked, { onSuccess: () => setAsked(null) })}
            onClose={() => {
              order.reset();
              setAsked(null);
            }}
          />
        )}
      </Suspense>
    </div>
  );
}

async function give(what: Order, mac: string): Promise<{ pap?: string | null | undefined } | null> {
  const params = { path: { mac } };
  switch (what) {
    case 'reset':
      return answerOf(api.POST('/api/v1/devices/{mac}/reset-authentication', { params }));
    case 'suspend':
      return answerOf(api.POST('/api/v1/devices/{mac}/suspend-authentication', { params }));
    case 'resume':
      return answerOf(api.POST('/api/v1/devices/{mac}/end-suspension', { params }));
    case 'authorize':
      return answerOf(api.POST('/api/v1/devices/{mac}/authorize-provisioning', { params }));
    case 'resync':
      return answerOf(api.POST('/api/v1/devices/{mac}/resync', { params }));
    case 'delete':
      await answerOf(api.DELETE('/api/v1/devices/{mac}', { params }));
      return null;
  }
}
