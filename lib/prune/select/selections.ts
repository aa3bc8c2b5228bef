import { checkNames, invalid, lookUp } from '../../base';
import { atThreshold } from './atThreshold';
import { byUnit } from './byGroup';
import { withForest } from './forest';
import { type Sampling, sampled } from './sampled';
import type { Choice, Select } from './select';
import type { Survivors } from './survivors';
import { top } from './top';

/**
 * How the weights to keep follow from the scores: `top` are exactly the highest; `threshold` cuts at a score, ties and all,
 * as the published code does; `sampled` draws with probability by score, without replacement ({@link sampled} makes others;
 * `random` is its older name); `unit` keeps or cuts output units whole; `forest` keeps a maximum spanning forest of
 * each layer and then the highest.
 */
export const selections = {
  top,
  threshold: atThreshold,
  sampled: sampled(),
  random: sampled(),
  unit: byUnit,
  forest: withForest,
} as const satisfies Record<string, Select>;

export type SelectionName = keyof typeof selections;

/**
 * A selection by name, or one's own, which is watched.
 *
 * @param sampling for `sampled` alone
 * @throws `invalid select; …` for an unknown name, for what is no function, and from one that keeps what is no candidate;
 *   `invalid temperature; …` or `invalid replacement; …` for what is out of range or for another selection
 */
export function selectionOf(select: SelectionName | Select, sampling: Sampling = {}): Select {
  if (isSampled(select)) return sampled(sampling);
  checkNames('a selection', sampling, { temperature: 1, replacement: 1 });
  for (const [name, value] of Object.entries(sampling))
    if (value !== undefined) throw invalid(name, 'only for select sampled', value);
  if (typeof select === 'string') return lookUp<Select>('select', selections, select);
  if (typeof select !== 'function') throw invalid('select', 'neither a name nor a function', select);
  const { readmits } = select;
  return Object.assign((choice: Choice) => checked(select(choice), choice), { readmits });
}

/** Whether weights are drawn by their scores. */
export function isSampled(select: SelectionName | Select): boolean {
  return select === 'sampled' || select === 'random';
}

function checked(kept: Survivors, { candidates, kernels }: Choice): Survivors {
  if (!(kept?.length === kernels.length)) throw invalid('select', 'gave not one list for each kernel', kept);
  kept.forEach((indices, k) => {
    let j = 0;
    for (const i of indices) {
      while (j < candidates[k].length && candidates[k][j] < i) j++;
      if (candidates[k][j++] !== i)
        throw invalid('select', `of ${kernels[k].name} keeps what is no candidate, or not in order`, i);
    }
  });
  return kept;
}
