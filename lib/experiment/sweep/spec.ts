import { invalid, lookUp } from '../../base';
import { type Config, readConfig, runHash } from '../config';
import { list, object, optional, type Reader, record, text } from '../config/readers';
import { hashPlugins } from '../plugins/hashPlugins';
import type { PluginFile } from '../plugins/plugin';
import { fitChecker } from '../run/checkFit';
import { scale as currentScale, type Scale, scales } from '../scale';
import { type Axes, checkAxes, replaced } from './axes';
import { overlay } from './overlay';

/** Part of a configuration, laid over another. */
export type Part = Readonly<Record<string, unknown>>;

/** A sweep as it stands in its file. */
export interface SweepSpec {
  name: string;
  /** What it is for, in a line. */
  description?: string;
  /** Plug-ins of all its configurations, as in each of them. */
  plugins?: readonly string[];
  /** What all its configurations share. */
  base?: Part;
  /** Values by path, `prune.method` or `seed`: a configuration for each choice of one value a path. */
  grid?: Axes;
  /** Parts of configurations, each combined with the whole grid. */
  list?: readonly Part[];
  /** What is different at a scale: its base is laid over, its grid replaces axis by axis, its list replaces the list. */
  scales?: Partial<Record<Scale, Pick<SweepSpec, 'base' | 'grid' | 'list'>>>;
}

/** A run of a sweep. */
export interface PlannedRun {
  hash: string;
  config: Config;
}

/** A sweep spelt out: each run once. */
export interface Plan {
  name: string;
  scale: Scale;
  runs: PlannedRun[];
  /** Plug-ins that its configurations name. */
  plugins: PluginFile[];
}

const grid: Reader<Record<string, unknown[]>> = (value, path) => {
  for (const [key, values] of Object.entries(object(value, path)))
    if (!Array.isArray(values) || values.length === 0)
      throw invalid(`${path}["${key}"]`, 'not a list of one or more values', values);
  return value as Record<string, unknown[]>;
};

function ofScales<T>(value: T): Record<Scale, T> {
  return Object.fromEntries(scales.map((scale) => [scale, value])) as Record<Scale, T>;
}

const choices = { base: optional(object), grid: optional(grid), list: optional(list(object)) };
const scaled = record<Pick<SweepSpec, 'base' | 'grid' | 'list'>>(choices);

/**
 * Checks the form of a sweep; its configurations are checked by {@link planSweep}.
 *
 * @throws `invalid sweep…; RULE: VALUE` with the path in the document
 */
export function readSpec(document: unknown, path = 'sweep'): SweepSpec {
  return record<SweepSpec>({
    name: text,
    description: optional(text),
    plugins: optional(list(text)),
    ...choices,
    scales: optional(record<NonNullable<SweepSpec['scales']>>(ofScales(optional(scaled)))),
  })(document, path);
}

/**
 * The runs of a sweep at a scale, in the order of the file, the last path of the grid changing fastest; what comes up twice is
 * there once.
 *
 * @param scale that of PATHKERNEL_SCALE by default
 * @throws `invalid sweep NAME, run N: PLACE; RULE: VALUE` for a configuration that is wrong, `invalid sweep NAME.grid["PATH"]; …`
 *   for an axis that sets what another does
 */
export function planSweep(document: unknown, scale: Scale = currentScale()): Plan {
  const spec = readSpec(document);
  lookUp('scale', ofScales(1), scale);
  const own = spec.scales?.[scale] ?? {};
  const shared = spec.plugins ? { plugins: spec.plugins } : {};
  const base = overlay(overlay(shared, spec.base ?? {}), own.base ?? {});
  const axes = replaced(spec.grid, own.grid);
  const items = own.list ?? spec.list ?? [{}];
  checkAxes(`sweep ${spec.name}`, axes, base, items);
  let parts = items.map((item) => overlay(base, item));
  for (const [path, values] of Object.entries(axes))
    parts = parts.flatMap((item) => values.map((value) => overlay(item, nested(path, value))));
  const runs = new Map<string, PlannedRun>();
  const plugins = new Map<string, PluginFile>();
  const checkFit = fitChecker();
  parts.forEach((item, i) => {
    const place = `sweep ${spec.name}, run ${i + 1}: config`;
    const config = readConfig(hashPlugins(item, plugins), place);
    const hash = runHash(config);
    if (runs.has(hash)) return;
    if (!config.plugins) checkFit(config, place); // those of plug-ins once these are loaded
    runs.set(hash, { hash, config });
  });
  return { name: spec.name, scale, runs: [...runs.values()], plugins: [...plugins.values()] };
}

/** `{ prune: { method: 'snip' } }` of `prune.method` and `snip`. */
function nested(path: string, value: unknown): Part {
  return path
    .split('.')
    .reverse()
    .reduce<unknown>((inner, key) => ({ [key]: inner }), value) as Part;
}
