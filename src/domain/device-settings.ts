/**
 * Wishes of the administrator for one device, such as its `language`. Any JSON object within the
 * limits below.
 */
export type DeviceSettings = Record<string, unknown>;

export const MAX_SETTINGS_BYTES = 16_384;
export const MAX_SETTINGS_DEPTH = 8;

/** What keeps a value from being stored as settings, in words; null when nothing does. */
export function settingsFault(settings: DeviceSettings): string | null {
  if (depthOf(settings) > MAX_SETTINGS_DEPTH)
    return `must not be nested more than ${MAX_SETTINGS_DEPTH} deep`;
  const json = JSON.stringify(settings);
  if (Buffer.byteLength(json) > MAX_SETTINGS_BYTES)
    return `must have ${MAX_SETTINGS_BYTES} bytes of JSON at most`;
  // jsonb refuses both; JSON.stringify writes a half character (RFC 8259 8.2) as an
  // escape, hence \ud8xx.
  if (/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/.test(json)) return 'must not contain NUL or half characters';
  return null;
}

/**
 * Looks one level further than is allowed and no deeper, so that no nesting can exhaust the stack.
 */
function depthOf(value: unknown, limit = MAX_SETTINGS_DEPTH + 1): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (limit === 1) return 1;
  return 1 + Object.values(value).reduce<number>((most, part) => Math.max(most, depthOf(part, limit - 1)), 0);
}

/**
 * Applies a merge patch (RFC 7396 2): null takes a member away, objects merge, everything
 * else replaces. Members are defined, not assigned, so that one called `__proto__` is nothing but a
 * member.
 */
export function mergeSettings(settings: DeviceSettings, patch: DeviceSettings): DeviceSettings {
  const untouched = Object.entries(settings).filter(([name]) => !Object.hasOwn(patch, name));
  const set = Object.entries(patch)
    .filter(([, value]) => value !== null)
    .map(([name, value]): [string, unknown] => [
      name,
      isObject(value) ? mergeSettings(ownObject(settings, name), value) : value,
    ]);
  return Object.fromEntries([...untouched, ...set]);
}

function ownObject(settings: DeviceSettings, name: string): DeviceSettings {
  const value = Object.hasOwn(settings, name) ? settings[name] : undefined;
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is DeviceSettings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
