import {
  Check,
  CircleDashed,
  Hourglass,
  KeyRound,
  LockKeyhole,
  LockKeyholeOpen,
  OctagonX,
  PhoneOff,
} from 'lucide-react';
import type { Schemas } from '../api/client.js';
import { STATES } from '../texts/states.js';
import { useTexts } from '../texts/texts.js';

export type Device = Schemas['Device'];

/** How a device stands, as the list, its page and the search show it: one look for each. */
export function lookOf(device: Device) {
  if (device.state === 'blocked') return { tone: 'stop', icon: OctagonX, key: 'blocked' } as const;
  if (device.state === 'failed') return { tone: 'warn', icon: LockKeyhole, key: 'failed' } as const;
  if (device.displayText === 'Authorize provisioning!')
    return { tone: 'open', icon: Hourglass, key: 'approval' } as const;
  if (device.suspendedUntil !== null)
    return { tone: 'open', icon: LockKeyholeOpen, key: 'suspended' } as const;
  if (device.displayText === 'No line assigned')
    return { tone: 'warn', icon: PhoneOff, key: 'noLine' } as const;
  if (device.state === 'successful') return { tone: 'ok', icon: Check, key: 'successful' } as const;
  if (device.lastSeenAt === null) return { tone: 'calm', icon: CircleDashed, key: 'neverSeen' } as const;
  return { tone: 'wait', icon: KeyRound, key: 'needed' } as const;
}

/** The state of a device: colour, icon, and the words that its phone shows. */
export function StateBadge({ device }: { device: Device }) {
  const t = useTexts(STATES);
  const { tone, icon: Icon, key } = lookOf(device);
  return (
    <span className={`badge tone-${tone}`}>
      <Icon size={13} aria-hidden="true" />
      {key === 'suspended' || key === 'neverSeen' ? t[key] : (device.displayText ?? t[key])}
    </span>
  );
}
