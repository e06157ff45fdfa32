import { type DeviceSettings, mergeSettings, settingsFault } from '../../domain/device-settings.js';
import { rememberFormer, withoutFormer } from '../../domain/former-parameters.js';
import { VENDOR_IDS, type VendorId } from '../../domain/vendor-id.js';
import { vendorOf } from '../../vendors/index.js';

/**
 * What is wrong with settings, and where: a JSON pointer (RFC 6901) that begins with `/settings`.
 */
export interface SettingsFault {
  pointer: string;
  because: string;
}

export interface SettingsRefused {
  kind: 'settings-refused';
  faults: SettingsFault[];
}

export type SettingsOutcome = { kind: 'settings'; settings: DeviceSettings } | SettingsRefused;

/** The phone that settings are for; null: any phone of a site or a tenant. */
export type SettingsPhone = { vendor: VendorId; model: string | null } | null;

/**
 * Applies a patch to stored settings (RFC 7396; null takes all of them away). Refused is what could
 * not be stored, and a free parameter that no phone of its family has, or that Dialgate sets
 * itself. What the patch does not name is not looked at: a model may have changed since, and what
 * it then must not set is left out of its configuration. A free parameter that is taken away is
 * remembered (`rememberFormer`).
 */
export function applySettings(
  stored: DeviceSettings,
  patch: DeviceSettings | null | undefined,
  phone: SettingsPhone,
): SettingsOutcome {
  if (patch === undefined) return { kind: 'settings', settings: stored };
  if (patch === null) return { kind: 'settings', settings: rememberFormer({}, stored) };
  // Before it is merged, which no depth must make expensive; what comes of it is looked at again.
  const because = settingsFault(patch);
  if (because !== null) return refused([{ pointer: '/settings', because }]);
  const faults = rawFaults(patch, phone);
  if (faults.length > 0) return refused(faults);
  const settings = mergeSettings(withoutFormer(stored), patch);
  const tooMuch = settingsFault(settings);
  return tooMuch === null
    ? { kind: 'settings', settings: rememberFormer(settings, stored) }
    : refused([{ pointer: '/settings', because: tooMuch }]);
}

function refused(faults: SettingsFault[]): SettingsRefused {
  return { kind: 'settings-refused', faults };
}

function rawFaults(patch: DeviceSettings, phone: SettingsPhone): SettingsFault[] {
  const raw = membersOf(patch['raw']);
  return VENDOR_IDS.flatMap((id) => {
    const model = phone?.vendor === id ? phone.model : null;
    return Object.entries(membersOf(raw[id])).flatMap(([name, value]) => {
      // What is taken away need not be allowed.
      const because = value === null ? null : rawFault(id, name, model);
      return because === null ? [] : [{ pointer: `/settings/raw/${id}/${escapePointer(name)}`, because }];
    });
  });
}

function rawFault(id: VendorId, name: string, model: string | null): string | null {
  const vendor = vendorOf(id);
  return vendor === null ? 'is of a family that has no configuration yet' : vendor.rawFault(name, model);
}

function membersOf(value: unknown): DeviceSettings {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** RFC 6901 3. */
function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
