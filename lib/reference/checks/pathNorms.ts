import { l1PathNorm, l2PathNorm } from '../../path';
import type { Comparison } from '../comparison';
import { isFields } from '../jsonFields';
import { PUBLISHED_L1, PUBLISHED_L2 } from '../published';
import { tolerancesOf } from '../tolerances';
import type { Check } from './check';
import { compareValues } from './values';

/** R(1; |θ|) and R(1; θ²), and the same on the mean sample. */
export const checkPathNorms: Check = (subject, file) => {
  const { network, params, data } = subject;
  const compute = {
    R1: () => l1PathNorm(network, params, PUBLISHED_L1),
    R2: () => l2PathNorm(network, params, PUBLISHED_L2),
    ...(data && {
      R1_dist: () => l1PathNorm(network, params, { ...PUBLISHED_L1, input: data.mean }),
      R2_dist: () => l2PathNorm(network, params, { ...PUBLISHED_L2, input: data.mean }),
    }),
  };
  const places: [string, unknown][] = [
    ['', file],
    ['values.', file.values],
  ];
  return places.flatMap(([prefix, fields]): Comparison[] =>
    isFields(fields) ? compareValues(prefix, fields, compute, tolerancesOf(subject)) : [],
  );
};
