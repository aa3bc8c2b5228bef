import { naturalOrder } from '../base/naturalOrder';
import { short } from './format';

/** What a row may say of the network and the training it is of. */
export type Setting =
  | 'method'
  | 'model'
  | 'network'
  | 'data'
  | 'trainImages'
  | 'initialiser'
  | 'epochs'
  | 'density';

const TEXTS: Readonly<Record<Setting, (value: unknown) => string>> = {
  method: String,
  model: String,
  /** What a report of `prune` calls its model. */
  network: String,
  data: String,
  trainImages: (count) => `${short(Number(count))} images`,
  initialiser: String,
  epochs: (count) => `${short(Number(count))} epochs`,
  density: (density) => `compression ${short(Number((1 / Number(density)).toPrecision(3)))}`,
};

/** In the order in which they stand in a name. */
export const settingNames = Object.keys(TEXTS) as Setting[];

/** What sets networks apart, whatever their density. */
export const networkSettings = ['model', 'network', 'data', 'trainImages', 'initialiser'] as const;

/** What a row says of a setting; undefined where it says nothing. */
export function settingOf(row: object, setting: Setting): unknown {
  const { requested, ...fields } = row as Readonly<Record<string, unknown>>;
  // The density that a report was asked for, which of several seeds is the same to the last weight.
  return (setting === 'density' ? (requested ?? fields.density) : fields[setting]) ?? undefined;
}

/** The same as a name has it: `compression 10`. */
export function settingText(row: object, setting: Setting): string | undefined {
  const value = settingOf(row, setting);
  return value === undefined ? undefined : TEXTS[setting](value);
}

/** Names in their alphabet, but fc-500 before fc-1000; numbers by size, densities from the largest. */
export function compareSettings(a: object, b: object, setting: Setting): number {
  const [left, right] = [settingOf(a, setting), settingOf(b, setting)];
  if (typeof left === 'number' && typeof right === 'number')
    return setting === 'density' ? right - left : left - right;
  return naturalOrder(String(left ?? ''), String(right ?? ''));
}
