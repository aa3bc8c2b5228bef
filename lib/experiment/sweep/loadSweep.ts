import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { lookUp } from '../../base';
import { isRecord } from '../../base/isRecord';
import { projectRoot } from '../../data';
import { type Axes, replaced, sameAs } from './axes';
import { readSweep } from './readSweep';
import { readSpec, type SweepSpec } from './spec';

/**
 * One of the sweeps that come with the project, `data/sweeps/NAME.json`, with other values where wanted.
 *
 *     const sweep = await loadSweep('initial-trace', { 'prune.method': ['snip', 'magnitude'], seed: [1, 2] });
 *
 * @param name of a file in `data/sweeps`, whose README says what each is: `initial-trace`, `training`, …
 * @param axes values by path that take the place of the grid's own and of the list's, at every scale, and are laid over the base; none by
 *   default. How much to prune may be said in another way than the sweep says it.
 * @throws `invalid sweep; unknown, did you mean …: NAME`, `invalid sweep.grid["PATH"]; …` for values that are no list
 */
export async function loadSweep(name: string, axes: Axes = {}): Promise<SweepSpec> {
  const folder = join(projectRoot, 'data', 'sweeps');
  const files = (await fs.readdir(folder)).filter((file) => file.endsWith('.json'));
  const paths = Object.fromEntries(files.map((file) => [file.slice(0, -'.json'.length), join(folder, file)]));
  const { scales = {}, ...spec } = await readSweep(lookUp('sweep', paths, name));
  const own = Object.entries(scales).map(([scale, scaled]) => [
    scale,
    { ...partsWithout(scaled, axes), grid: replaced(replaced(spec.grid, scaled.grid), axes) },
  ]);
  const all = { ...partsWithout(spec, axes), grid: replaced(spec.grid, axes) };
  return readSpec({ ...all, scales: Object.fromEntries(own) });
}

/** A sweep, or a scale of it, whose base and list leave to axes what these set. */
function partsWithout<S extends Pick<SweepSpec, 'base' | 'list'>>(spec: S, axes: Axes): S {
  const paths = Object.keys(axes).flatMap(sameAs);
  // Axes are laid over the base, whose other fields of a model stay; but how much to prune is said once.
  const renamed = paths.filter((path) => !Object.hasOwn(axes, path));
  const base = spec.base && { base: without(spec.base, renamed) };
  return { ...spec, ...base, ...listWithout(spec.list, paths) };
}

/** A list whose items lack what lies at paths; items that are then alike are one. */
function listWithout(list: SweepSpec['list'], paths: readonly string[]): Pick<SweepSpec, 'list'> {
  if (list === undefined) return {};
  const items = list.map((item) => JSON.stringify(without(item, paths)));
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
