import { kendallCorrelation, orderedPairs } from '../../base/kendallCorrelation';
import { partialRankCorrelation } from '../../base/partialRankCorrelation';
import { rankCorrelation } from '../../base/rankCorrelation';
import { absoluteError, type Comparison } from '../comparison';
import { type Fields, isFields } from '../jsonFields';

/** Of sums of a few ranks. */
const TOLERANCE = 1e-12;

/** What is ranked, a number a network each. */
export interface Ranked {
  a: readonly number[];
  b: readonly number[];
  /** What is taken out. */
  c?: readonly number[];
  d?: readonly number[];
}

/** Rank correlations of two lists, and what they are when others are taken out; null in the file where one is not defined. */
export function compareRanks(prefix: string, fields: Fields, { a, b, c, d }: Ranked): Comparison[] {
  const pairs = orderedPairs(a, b);
  const { concordant, discordant, tiedInA: tied_in_a, tiedInB: tied_in_b } = pairs;
  const kendall = { statistic: 'kendall' } as const;
  const found: Fields = {
    spearman: rankCorrelation(a, b),
    kendall_tau_b: kendallCorrelation(a, b),
    pairs: { concordant, discordant, tied_in_a, tied_in_b },
    ...(c && {
      control: {
        spearman_a: rankCorrelation(a, c),
        spearman_b: rankCorrelation(b, c),
        kendall_a: kendallCorrelation(a, c),
        kendall_b: kendallCorrelation(b, c),
      },
      partial_spearman: partialRankCorrelation(a, b, c),
      partial_kendall: partialRankCorrelation(a, b, c, kendall),
    }),
    ...(c && d && { partial_spearman_two_controls: partialRankCorrelation(a, b, [c, d]) }),
  };
  return compareAll(prefix, found, fields);
}

function compareAll(prefix: string, found: Fields, expected: Fields): Comparison[] {
  return Object.entries(expected).flatMap(([name, value]): Comparison[] => {
    const own = found[name];
    if (isFields(value) && isFields(own)) return compareAll(`${prefix}${name}.`, own, value);
    if (typeof own !== 'number') return [];
    const isUndefined = value === null && Number.isNaN(own);
    const error = isUndefined ? 0 : absoluteError(own, value);
    return [{ quantity: prefix + name, error, tolerance: TOLERANCE, measure: 'absolute' }];
  });
}
