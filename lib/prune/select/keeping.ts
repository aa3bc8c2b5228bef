import { invalid } from '../../base';
import type { Mask } from '../../network';
import type { Choice, Select } from './select';
import { countOf, type Survivors, survivorsOf } from './survivors';
import { noteTies, tiesOf } from './ties';
import { top } from './top';
import { union } from './union';

/**
 * Keeps some weights in any case, and fills up to `count` from the others.
 *
 * @param mask which: by name of the kernel, not 0; the caller keeps it
 * @param select chooses the others, by its count; the highest scores by default
 * @throws `invalid density; …` where they are more than are to be kept, `invalid select; …` where one is cut already
 */
export function keeping(mask: Mask, select: Select = top): Select {
  const given = Object.fromEntries(
    Object.entries(mask).map(([name, bits]) => [name, survivorsOf([bits.dataSync()])[0]]),
  );
  return Object.assign(
    (choice: Choice) =>
      keepFirst(
        choice,
        choice.kernels.map(({ name }) => given[name] ?? new Uint32Array(0)),
        'the weights to keep in any case',
        select,
      ),
    { readmits: select.readmits },
  );
}

/** What is given, and of the other candidates as many as are left to keep. */
export function keepFirst(choice: Choice, given: Survivors, what: string, select: Select = top): Survivors {
  const { candidates, scores, kernels, count, density } = choice;
  const size = scores.reduce((sum, { length }) => sum + length, 0);
  const first = countOf(given);
  if (first > count)
    throw invalid(
      'density',
      `${what} are ${first} of ${size}, the smallest density ${first / size}`,
      density,
    );
  const rest = candidates.map((indices, k) => {
    const isGiven = new Set(given[k]);
    const others = indices.filter((i) => !isGiven.has(i));
    if (others.length !== indices.length - given[k].length)
      throw invalid('select', 'of the weights to keep in any case some are cut already in', kernels[k].name);
    return others;
  });
  const others = select({ ...choice, candidates: rest, count: count - first });
  return others.map((indices, k) => {
    const all = union(indices, given[k]);
    const ties = tiesOf(indices);
    if (ties) noteTies(all, ties);
    return all;
  });
}
