import type { Settings } from '../parameter-list.js';
import type { KeyView } from '../vendor.js';
import type { PanasonicModel } from './models.js';

/** What a key beside a display has room for; a longer label is passed over. */
const LONGEST_LABEL = 10;

export type FlexibleKey = { kind: 'line'; label: string; value: string } | Omit<KeyView, 'line'>;

/** The UT series has words of its own. */
const ACTIONS = {
  hdv: { line: 'LINE', blf: 'BLF', 'speed-dial': 'ONETOUCH' },
  ut: { line: 'DN', blf: 'CONTACT', 'speed-dial': 'ONETOUCH' },
} as const;

/** From the first key on, as many as the model has. */
export function keySettings(keys: readonly FlexibleKey[], model: PanasonicModel): Settings {
  const actions = model.series === 'ut' ? ACTIONS.ut : ACTIONS.hdv;
  return new Map(
    keys.slice(0, model.flexibleKeys).flatMap(({ kind, label, value }, at): [string, string][] => [
      [`FLEX_BUTTON_FACILITY_ACT${at + 1}`, `X_PANASONIC_IPTEL_${actions[kind]}`],
      [`FLEX_BUTTON_FACILITY_ARG${at + 1}`, kind === 'speed-dial' ? '' : value],
      [`FLEX_BUTTON_QUICK_DIAL${at + 1}`, kind === 'speed-dial' ? value : ''],
      [`FLEX_BUTTON_LABEL${at + 1}`, Array.from(label).slice(0, LONGEST_LABEL).join('')],
    ]),
  );
}
