import type { ParameterSpec } from '../../network';
import type { Select } from './select';
import { survivorsOf } from './survivors';
import { noteTies } from './ties';

/**
 * Keeps or cuts the weights of a group together: the groups with the highest mean score, as many as fit into `count`, and
 * one at least. Groups of equal means come in an order that is drawn.
 *
 * @param groupsOf for a kernel, which of its groups a weight belongs to, by flat index
 */
export function byGroup(groupsOf: (kernel: ParameterSpec) => (index: number) => number): Select {
  return ({ scores, candidates, count, kernels, random }) => {
    const order = random.fork('ties');
    const all: Group[] = [];
    kernels.forEach((kernel, k) => {
      const groupOf = groupsOf(kernel);
      const groups = new Map<number, number[]>();
      for (const i of candidates[k]) {
        const group = groups.get(groupOf(i));
        if (group) group.push(i);
        else groups.set(groupOf(i), [i]);
      }
      for (const indices of groups.values())
        all.push({
          k,
          indices,
          mean: indices.reduce((sum, i) => sum + scores[k][i], 0) / indices.length,
          lot: order.uniform(),
        });
    });
    const kept = kernels.map((_, k) => new Uint8Array(scores[k].length));
    let left = count;
    let lowest = Number.POSITIVE_INFINITY;
    for (const { k, indices, mean } of all.sort((a, b) => b.mean - a.mean || a.lot - b.lot)) {
      if (indices.length > left && left < count) break;
      for (const i of indices) kept[k][i] = 1;
      left -= indices.length;
      lowest = mean;
    }
    const survivors = survivorsOf(kept);
    const equal = all.filter(({ mean }) => mean === lowest);
    const isKept = ({ k, indices }: Group) => kept[k][indices[0]] === 1;
    if (!equal.every(isKept))
      survivors.forEach((list, k) => {
        const own = equal.filter((group) => group.k === k);
        const chosen = own.filter(isKept).flatMap(({ indices }) => indices);
        const cut = own.reduce((sum, group) => sum + (isKept(group) ? 0 : group.indices.length), 0);
        noteTies(list, { kept: Uint32Array.from(chosen), cut });
      });
    return survivors;
  };
}

interface Group {
  k: number;
  indices: number[];
  mean: number;
  /** Drawn, for the order of equal means. */
  lot: number;
}

/** The weights that lead into one output unit or channel. */
export const byUnit = byGroup(
  ({ shape }) =>
    (index) =>
      index % shape[shape.length - 1],
);
