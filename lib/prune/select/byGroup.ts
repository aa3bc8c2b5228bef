import type { ParameterSpec } from '../../network';
import type { Select } from './select';
import { survivorsOf } from './survivors';

/**
 * Keeps or cuts the weights of a group together: the groups with the highest mean score, as many as fit into `count`, and
 * one at least. Equal means go to the group that comes first.
 *
 * @param groupsOf for a kernel, which of its groups a weight belongs to, by flat index
 */
export function byGroup(groupsOf: (kernel: ParameterSpec) => (index: number) => number): Select {
  return ({ scores, candidates, count, kernels }) => {
    const all: { k: number; indices: number[]; mean: number }[] = [];
    kernels.forEach((kernel, k) => {
      const groupOf = groupsOf(kernel);
      const groups = new Map<number, number[]>();
      for (const i of candidates[k]) {
        const group = groups.get(groupOf(i));
        if (group) group.push(i);
        else groups.set(groupOf(i), [i]);
      }
      for (const indices of groups.values())
        all.push({ k, indices, mean: indices.reduce((sum, i) => sum + scores[k][i], 0) / indices.length });
    });
    const kept = kernels.map((_, k) => new Uint8Array(scores[k].length));
    let left = count;
    for (const { k, indices } of all.sort((a, b) => b.mean - a.mean)) {
      if (indices.length > left && left < count) break;
      for (const i of indices) kept[k][i] = 1;
      left -= indices.length;
    }
    return survivorsOf(kept);
  };
}

/** The weights that lead into one output unit or channel. */
export const byUnit = byGroup(
  ({ shape }) =>
    (index) =>
      index % shape[shape.length - 1],
);
