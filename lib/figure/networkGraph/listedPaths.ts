import { applyMask, type Mask, type Network, type Params } from '../../network';
import { countPaths } from '../../path/countPaths';
import { enumeratePaths } from '../../path/enumeratePaths';
import { pathActivity } from '../../path/pathActivity';
import { tf } from '../../tensor';
import type { GraphUnits } from './graphUnits';

/** A path that is told by itself. */
export interface ListedPath {
  /** From 1, as `enumeratePaths` orders the paths of the network without a mask. */
  readonly number: number;
  /** constant_p v_p; with an input a_p(x) constant_p v_p x. */
  readonly value: number;
  /** Units that it enters over a weight or begins at. */
  readonly units: ReadonlySet<number>;
  /** Its weights, `NAME INDEX` each. */
  readonly weights: ReadonlySet<string>;
}

/** Networks of more paths have none listed. */
const LISTED = 64n;

/** The paths of a small network over kept weights: all of them, then those that each input opens; undefined where there are too many to tell. */
export function listedPaths(
  network: Network,
  params: Params,
  { columns, unitOf }: GraphUnits,
  { mask, x }: { mask?: Mask; x?: tf.Tensor },
): ListedPath[][] | undefined {
  if (countPaths(network).count > LISTED) return undefined;
  const kept = Object.fromEntries(Object.entries(mask ?? {}).map(([name, bits]) => [name, bits.dataSync()]));
  const all = enumeratePaths(network, params);
  const isKept = all.map(({ weights }) => weights.every(({ name, index }) => kept[name]?.[index] !== 0));
  const kernels = new Map(
    network.parameters.filter(({ role }) => role === 'kernel').map((spec) => [spec.name, spec]),
  );
  const start = unitOf.get(columns[0].id) as Int32Array;
  const told = all.map(({ input, weights, value, constant }, i) => ({
    number: i + 1,
    value: value * constant,
    weights: new Set(weights.map(({ name, index }) => `${name} ${index}`)),
    units: new Set([
      start[input % start.length],
      ...weights.flatMap(({ name, index }) => {
        const spec = kernels.get(name);
        const units = spec && unitOf.get(spec.layer);
        return units ? [units[index % units.length]] : [];
      }),
    ]),
  }));
  const masked = x && mask ? applyMask(network, params, mask) : params;
  const open = x ? pathActivity(network, masked, all, x) : [];
  if (masked !== params) tf.dispose(masked);
  const inputs = x ? x.dataSync() : [];
  const size = inputs.length / open.length;
  const opened = open.map((activity, sample) =>
    told.flatMap((path, i) => {
      const value = activity[i] * path.value * inputs[sample * size + all[i].input];
      return isKept[i] && activity[i] !== 0 ? [{ ...path, value }] : [];
    }),
  );
  return [told.filter((_, i) => isKept[i]), ...opened];
}
