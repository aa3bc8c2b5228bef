import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { lookUp } from '../../base';
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
 * @param axes values by path that take the place of the grid's own, at every scale; none by default
 * @throws `invalid sweep; unknown, did you mean …: NAME`, `invalid sweep.grid["PATH"]; …` for values that are no list
 */
export async function loadSweep(name: string, axes: Axes = {}): Promise<SweepSpec> {
  const folder = join(projectRoot, 'data', 'sweeps');
  const files = (await fs.readdir(folder)).filter((file) => file.endsWith('.json'));
  const paths = Object.fromEntries(files.map((file) => [file.slice(0, -'.json'.length), join(folder, file)]));
  const { scales = {}, ...spec } = await readSweep(lookUp('sweep', paths, name));
  const own = Object.entries(scales).map(([scale, { grid, ...rest }]) => [
    scale,
    { ...rest, grid: replaced(replaced(spec.grid, grid), axes) },
  ]);
  return readSpec({ ...spec, grid: replaced(spec.grid, axes), scales: Object.fromEntries(own) });
}
