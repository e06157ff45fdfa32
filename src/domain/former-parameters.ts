import type { DeviceSettings } from './device-settings.js';
import type { VendorId } from './vendor-id.js';

/**
 * The member of stored settings that says which free parameters they had once and have not any
 * more, by vendor. In most formats what is absent keeps its value, so a phone is told of them with
 * every configuration: it is not known when it has taken the last one. Administrators neither set
 * nor see it.
 */
const FORMER = 'formerRaw';

/**
 * Names of one vendor that are remembered; beyond these the ones that were taken away first are
 * forgotten.
 */
const MAX_FORMER = 100;

/**
 * Settings that remember which free parameters earlier ones had, or remembered, and they have not.
 */
export function rememberFormer(settings: DeviceSettings, earlier: object): DeviceSettings {
  const [after, before] = [membersOf(settings), membersOf(earlier)];
  const present = membersOf(after['raw']);
  const vendors = Object.keys({
    ...membersOf(before['raw']),
    ...membersOf(before[FORMER]),
    ...membersOf(after[FORMER]),
  });
  const former = vendors.flatMap((vendor): [string, string[]][] => {
    const names = new Set([
      ...namesOf(membersOf(after[FORMER])[vendor]),
      ...namesOf(membersOf(before[FORMER])[vendor]),
      ...Object.keys(membersOf(membersOf(before['raw'])[vendor])),
    ]);
    for (const name of Object.keys(membersOf(present[vendor]))) names.delete(name);
    return names.size === 0 ? [] : [[vendor, [...names].slice(-MAX_FORMER)]];
  });
  return { ...withoutFormer(after), ...(former.length > 0 && { [FORMER]: Object.fromEntries(former) }) };
}

/**
 * The free parameters that were once set in any of these settings, for a vendor, and are not there
 * now. Some may be set in others of them.
 */
export function formerParameters(layers: readonly object[], vendor: VendorId): string[] {
  return [...new Set(layers.flatMap((layer) => namesOf(membersOf(membersOf(layer)[FORMER])[vendor])))];
}

/** Settings as they were set. */
export function withoutFormer<S extends object>(settings: S): S {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => name !== FORMER)) as S;
}

function membersOf(value: unknown): DeviceSettings {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function namesOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}
