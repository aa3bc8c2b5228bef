import { product } from '../../base';
import {
  bhattacharyyaDistance,
  boundsOf,
  type ClassPair,
  type ClassSpread,
  classMeanGaps,
  classPairs,
  fisherDiscriminant,
  leastSeparation,
  normalDistance,
  publishedPairs,
  type Term,
  witnessBound,
} from '../../prune';
import { type Comparison, relativeError } from '../comparison';
import { type Fields, fieldsOf, isFields } from '../jsonFields';
import type { Kind } from './kind';

/** Of double precision throughout. */
const TOLERANCE = 1e-10;

/** Kind `total-variation`: how far normal distributions are apart, and filters by the moments of classes; without a network. */
export const totalVariation: Kind = async function* compare({ fields }) {
  const { number, objects } = fieldsOf('file', fields);
  const sizes = { classes: number('classes'), filters: number('filters') };
  yield* onGrid(objects('grid'));
  yield* moments(fields, '', { ...sizes, positions: 1 });
  yield* inTable(spreadOf(fields, '', { ...sizes, positions: 1 }), objects('table'));
  const places = { ...sizes, positions: number('positions') };
  yield* moments(fields, 'diagonal_', places);
  const whole = spreadOf(fields, 'diagonal_', places);
  yield* withPlaces(whole, objects('diagonal'));
  yield* gaps(whole, fieldsOf('file', fields).object('class_mean_gap'));
};

interface Sizes {
  classes: number;
  filters: number;
  positions: number;
}

/** Whether the moments are as many as the sizes say. */
function* moments(fields: Fields, prefix: string, sizes: Sizes): Generator<Comparison> {
  const size = product(Object.values(sizes));
  for (const name of ['means', 'variances'].map((part) => prefix + part))
    yield entries(name, size, fieldsOf('file', fields).numbers(name).length);
  for (const [name, own] of Object.entries(sizes))
    if (fields[name] !== undefined && (prefix !== '' || name === 'filters'))
      yield entries(name, fields[name], own);
}

/** The moments `[class, filter, position]` of the file as `[class, position, filter]`. */
function spreadOf(fields: Fields, prefix: string, { classes, filters, positions }: Sizes): ClassSpread {
  const [means, variances] = ['means', 'variances'].map((name) => {
    const listed = fieldsOf('file', fields).numbers(prefix + name);
    return listed.map((_, at) => {
      const [own, filter] = [Math.floor(at / filters), at % filters];
      const [label, position] = [Math.floor(own / positions), own % positions];
      return listed[(label * filters + filter) * positions + position];
    });
  });
  return { classes: Array.from({ length: classes }), positions, filters, means, variances };
}

function* onGrid(grid: readonly Fields[]): Generator<Comparison> {
  const found = grid.map((point, i) => {
    const { number } = fieldsOf(`grid[${i}]`, point);
    const [a, b] = [1, 2].map((k) => ({ mean: number(`mean${k}`), variance: number(`sd${k}`) ** 2 }));
    const { bhattacharyya, hellingerSquared, lower, upper, exact } = normalDistance(a, b);
    const discriminant = fisherDiscriminant(a.mean, a.variance, b.mean, b.variance);
    return {
      ...{ bhattacharyya, hellinger_squared: hellingerSquared, lower, upper, tv: exact },
      ...{ fisher_discriminant: discriminant, witness_lower: witnessBound(discriminant) },
    };
  });
  for (const name of Object.keys(found[0]) as (keyof (typeof found)[number])[])
    yield relative(
      `grid.${name}`,
      found.map((point) => point[name]),
      grid.map((point) => point[name]),
    );
}

const exact: Term = (mean1, v1, mean2, v2) =>
  normalDistance({ mean: mean1, variance: v1 }, { mean: mean2, variance: v2 }).exact;

/** By field, what a filter has where its classes are the least apart, from what adds up over places. */
const LEAST: Readonly<Record<string, [term: Term, of: (sum: number) => number]>> = {
  lower: [bhattacharyyaDistance, (distance) => boundsOf(distance).lower],
  upper: [bhattacharyyaDistance, (distance) => boundsOf(distance).upper],
  tv: [exact, (sum) => sum],
  witness_lower: [fisherDiscriminant, witnessBound],
};

function* least(
  prefix: string,
  spread: ClassSpread,
  listed: readonly Fields[],
  pairOf: (field: string) => string,
): Generator<Comparison> {
  yield entries(
    `${prefix}filter`,
    listed.map(({ filter }) => filter),
    [...listed.keys()],
  );
  for (const [name, [term, of]] of Object.entries(LEAST)) {
    if (listed[0][name] === undefined) continue;
    const { values, pairs } = leastSeparation(spread, term);
    yield relative(prefix + name, [...values].map(of), column(listed, name));
    if (listed[0][pairOf(name)] !== undefined)
      yield entries(prefix + pairOf(name), column(listed, pairOf(name)), pairs);
  }
}

function* inTable(spread: ClassSpread, table: readonly Fields[]): Generator<Comparison> {
  yield* least('table.', spread, table, (name) => `${name}_pair`);
  yield relative('table.pairs_bhattacharyya', everyPair(spread), column(table, 'pairs_bhattacharyya').flat());
}

function* withPlaces(spread: ClassSpread, diagonal: readonly Fields[]): Generator<Comparison> {
  yield* least('diagonal.', spread, diagonal, (name) => (name === 'witness_lower' ? 'witness_pair' : 'pair'));
  yield relative('diagonal.bhattacharyya', everyPair(spread), column(diagonal, 'bhattacharyya').flat());
}

/** ∫ √(p q) of every filter in every pair of classes. */
function everyPair(spread: ClassSpread): number[] {
  const byPair = classPairs(spread.classes.length).map(
    (pair) => leastSeparation(spread, bhattacharyyaDistance, [pair]).values,
  );
  return Array.from({ length: spread.filters }, (_, filter) =>
    byPair.map((values) => Math.exp(-values[filter])),
  ).flat();
}

/** Which pairs of classes count, by field. */
const PAIRS: Readonly<Record<string, (spread: ClassSpread) => ClassPair[]>> = {
  all_pairs: ({ classes }) => classPairs(classes.length),
  as_published_first_pairs: ({ classes, filters }) => publishedPairs(classes.length, filters),
};

function* gaps(spread: ClassSpread, fields: Fields): Generator<Comparison> {
  for (const [name, pairs] of Object.entries(PAIRS)) {
    const expected = fields[name];
    if (!isFields(expected)) continue;
    const prefix = `class_mean_gap.${name}.`;
    const gap = classMeanGaps(spread, pairs(spread));
    const relatives = gap.map((own) => own / Math.max(...gap));
    const mean = relatives.reduce((sum, own) => sum + own, 0) / relatives.length;
    yield relative(`${prefix}gap`, gap, expected.gap);
    yield relative(`${prefix}relative`, relatives, expected.relative);
    yield relative(`${prefix}mean_relative`, [mean], [expected.mean_relative]);
    for (const [fraction, kept] of Object.entries(fieldsOf(prefix, expected).object('kept')))
      yield entries(
        `${prefix}kept.${fraction}`,
        kept,
        [...relatives].map((own) => Number(own > Number(fraction) * mean)),
      );
  }
}

const column = (rows: readonly Fields[], name: string) => rows.map((row) => row[name]);

function relative(quantity: string, found: ArrayLike<number>, expected: unknown): Comparison {
  return { quantity, error: relativeError(found, expected), tolerance: TOLERANCE, measure: 'relative' };
}

function entries(quantity: string, expected: unknown, found: unknown): Comparison {
  const isSame = JSON.stringify(expected) === JSON.stringify(found);
  return { quantity, error: Number(!isSame), tolerance: 0, measure: 'entries' };
}
