import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { lookUp } from '../../base';
import { isRecord } from '../../base/isRecord';
import { projectRoot } from '../../data';
import { type Axes, replaced } from './axes';
import { readSweep } from './readSweep';
import { readSpec, type SweepSpec } from './spec';

/**
 * One of the sweeps that come with the project, `data/sweeps/NAME.json`, with other values where wanted.
 *
 *     const sweep = await loadSweep('initial-trace', { 'prune.method': ['snip', 'magnitude'], seed: [1, 2] });
 *
 * @param name `initial-trace`, `training`, `accuracy`, `collapse`, `prediction`, `conservation` or `as-published`
 * @param axes values by path that take the place of the grid's own and of the list's, at every scale; none by default
 * @throws `invalid sweep; unknown, did you mean …: NAME`, `invalid sweep.grid["PATH"]; …` for values that are no list
 */
export async function loadSweep(name: string, axes: Axes = {}): Promise<SweepSpec> {
  const folder = join(projectRoot, 'data', 'sweeps');
  const files = (await fs.readdir(folder)).filter((file) => file.endsWith('.json'));
  const paths = Object.fromEntries(files.map((file) => [file.slice(0, -'.json'.length), join(folder, file)]));
  const { scales = {}, ...spec } = await readSweep(lookUp('sweep', paths, name));
  const own = Object.entries(scales).map(([scale, { grid, list, ...rest }]) => [
    scale,
    { ...rest, ...listWithout(list, axes), grid: replaced(replaced(spec.grid, grid), axes) },
  ]);
  const { list, ...rest } = spec;
  const all = { ...rest, ...listWithout(list, axes), grid: replaced(spec.grid, axes) };
  return readSpec({ ...all, scales: Object.fromEntries(own) });
}

/** A list whose items leave to axes what these set; items that are then alike are one. */
function listWithout(list: SweepSpec['list'], axes: Axes): Pick<SweepSpec, 'list'> {
  if (list === undefined) return {};
  const items = list.map((item) => JSON.stringify(without(item, Object.keys(axes))));
  return { list: [...new Set(items)].map((item) => JSON.parse(item)) };
}

/** A record without what lies at paths: `model` takes out all of it, `train.epochs` one field. */
function without(record: object, paths: readonly string[]): object {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([key]) => !paths.includes(key))
      .map(([key, value]) => {
        const inner = paths
          .filter((path) => path.startsWith(`${key}.`))
          .map((path) => path.slice(key.length + 1));
        return [key, isRecord(value) && inner.length > 0 ? without(value, inner) : value];
      }),
  );
}
