import { breathe, checkNames, interruptible, invalid, type LongWork } from '../base';
import { createRandom, type Random, tf } from '../tensor';
import { type Basis, createBasis, orthogonalise } from './basis';
import { checkOperator } from './checkOperator';
import { dimension, type SymmetricOperator, type Vector } from './operator';
import { symmetricEigen } from './symmetricEigen';
import {
  type Block,
  combine,
  dot,
  randomVector,
  rounded,
  scale,
  squaredNorm,
  subtract,
  vectorOf,
} from './vectors';

export interface LanczosOptions extends LongWork {
  /** How many of the largest distinct eigenvalues; 10 by default. */
  k?: number;
  /** The relative error at which an eigenvalue counts as found; 1e-8 by default. */
  tolerance?: number;
  /** The largest ‖A y − λ y‖ over λ for the eigenvector y of an eigenvalue that counts as found; 1e-6 by default. */
  residual?: number;
  /** Whether eigenvectors are returned; `false` by default. */
  vectors?: boolean;
  /** Bytes for the vectors that are held; 2 GiB by default. Less of it takes more products. */
  memory?: number;
  /** Of the vectors to start from; 1 by default. */
  seed?: number;
}

/** A distinct eigenvalue. */
export interface Eigenvalue {
  value: number;
  /** How often it was found: a new search, orthogonal to all found before, meets each copy. */
  multiplicity: number;
  /** ‖A y − value · y‖ of its unit vector y, computed: an eigenvalue lies no further away (Weyl). */
  residual: number;
  /** Estimate of its error, from the residual and the distance to the next (Kato, Temple). */
  error: number;
}

export interface LeadingEigenvalues {
  /** Largest first. */
  eigenvalues: Eigenvalue[];
  /** Unit vectors by eigenvalue, copies after one another, each in the operator's parts; the caller disposes of them. */
  vectors: Vector[];
  /** Which eigenvalue each vector belongs to. */
  places: number[];
  /** Products with the operator. */
  products: number;
  /** Whether a last search found no more copies; false where memory for them ran out. */
  isComplete: boolean;
}

export const lanczosOptionNames: Record<keyof LanczosOptions, 1> = {
  k: 1,
  tolerance: 1,
  residual: 1,
  vectors: 1,
  memory: 1,
  seed: 1,
  signal: 1,
  onProgress: 1,
};

/**
 * The largest eigenvalues of a symmetric operator with their multiplicities, by Lanczos with full reorthogonalisation and thick
 * restart (Wu and Simon 2000), in double precision; where memory is short the vectors that span the search are held in single
 * precision, and what is found is refined. One sequence meets each eigenvalue once; so searches orthogonal to what is
 * found follow until one ends below the last.
 *
 * @throws `invalid k; …`, `invalid tolerance; …`, `invalid memory; …`, `invalid operator; …`; the signal's reason where aborted
 */
export async function leadingEigenvalues(
  operator: SymmetricOperator,
  options: LanczosOptions = {},
): Promise<LeadingEigenvalues> {
  checkNames('leadingEigenvalues', options, lanczosOptionNames);
  const {
    k = 10,
    tolerance = 1e-8,
    residual = 1e-6,
    vectors = false,
    memory = 2 ** 31,
    seed = 1,
    onProgress,
  } = options;
  const n = dimension(operator);
  if (!(Number.isInteger(k) && k >= 1 && k <= n)) throw invalid('k', `not a whole number from 1 to ${n}`, k);
  if (!(tolerance > 0 && tolerance < 1)) throw invalid('tolerance', 'not in (0, 1)', tolerance);
  if (!(residual > 0 && residual < 1)) throw invalid('residual', 'not in (0, 1)', residual);
  const wanted = Math.max(4 * k + 24, 40);
  const inDouble = Math.floor(memory / (8 * n));
  // Twice as many vectors in single precision are worth more than their digits: what is found is refined in double.
  const isSingle = inDouble < wanted;
  const held = isSingle ? 2 * inDouble : inDouble;
  if (!(inDouble >= k + 4))
    throw invalid('memory', `holds ${inDouble} vectors of ${n} numbers, fewer than k + 4; bytes`, memory);
  return interruptible(async (signal) => {
    await checkOperator(operator, seed);
    const random = createRandom(seed).fork('lanczos');
    const locked = createBasis();
    const found: Found[] = [];
    let products = 3;
    const multiply = async (u: Vector) => {
      if (products % 8 === 0) await breathe();
      signal.throwIfAborted();
      products++;
      onProgress?.({ done: Math.min(found.length, k), total: k, message: `${products} products` });
      return operator.apply(u);
    };
    const counted = { ...operator, apply: multiply };
    try {
      let isComplete = false;
      const room = () => held - (isSingle ? 2 : 1) * found.length;
      while (!isComplete && room() >= k + 4) {
        const last = valuesOf(found)[k - 1];
        const more = await search({
          operator: counted,
          locked,
          most: Math.min(room(), wanted),
          isSingle,
          count: last === undefined ? k - valuesOf(found).length : 1,
          below: last,
          tolerance,
          residual,
          random: random.fork(found.length),
        });
        isComplete = more.gaps.length === 0;
        if (more.block) found.push(...(await refine(counted, more.block, more.gaps, locked)));
      }
      if (!isComplete && valuesOf(found).length < k)
        throw invalid('memory', `too little for all copies of ${k} eigenvalues; bytes`, memory);
      return { ...summarise(found, locked, k, vectors), products, isComplete };
    } finally {
      locked.dispose();
    }
  }, options.signal);
}

/** An eigenvalue of one search. */
interface Found {
  value: number;
  residual: number;
  error: number;
}

/** Eigenvalues that differ by less, relative to the largest, are copies of one. */
const SAME = 1e-8;

/** The distinct values, largest first. */
function valuesOf(found: readonly Found[]): number[] {
  return groupsOf(found).map(([first]) => found[first].value);
}

/** Places in the list by distinct value. */
function groupsOf(found: readonly Found[]): number[][] {
  const order = found.map((_, i) => i).sort((a, b) => found[b].value - found[a].value);
  const largest = Math.max(...found.map(({ value }) => Math.abs(value)), 0);
  const groups: number[][] = [];
  for (const i of order) {
    const group = groups.at(-1);
    if (group && found[group[0]].value - found[i].value <= SAME * largest) group.push(i);
    else groups.push([i]);
  }
  return groups;
}

/**
 * What a search found as eigenvalues: each vector, made orthogonal to those before, with its Rayleigh quotient in double
 * precision, whose error is of the order of the residual's square. The vectors go into the basis; disposes of the block.
 */
async function refine(
  operator: SymmetricOperator,
  block: Block,
  gaps: readonly number[],
  locked: Basis,
): Promise<Found[]> {
  const ys = gaps.map((_, i) => vectorOf(block, i));
  tf.dispose([...block]);
  const found: Found[] = [];
  for (const [i, gap] of gaps.entries()) {
    const { rest: own } = orthogonalise(ys[i], locked);
    const y = scale(own, 1 / Math.sqrt(squaredNorm(own)));
    tf.dispose([...own]);
    const product = await operator.apply(y);
    const value = dot(y, product);
    const rest = subtract(product, y, value);
    const residual = Math.sqrt(squaredNorm(rest));
    tf.dispose([...product, ...rest]);
    locked.add(y);
    found.push({ value, residual, error: gap > residual ? residual ** 2 / gap : residual });
  }
  return found;
}

function summarise(
  found: readonly Found[],
  locked: Basis,
  k: number,
  vectors: boolean,
): Pick<LeadingEigenvalues, 'eigenvalues' | 'vectors' | 'places'> {
  const groups = groupsOf(found).slice(0, k);
  const eigenvalues = groups.map(([first, ...copies]) => ({
    ...found[first],
    multiplicity: copies.length + 1,
  }));
  if (!vectors) return { eigenvalues, vectors: [], places: [] };
  const blocks = locked.take();
  const ys = blocks.flatMap((block) =>
    Array.from({ length: block[0].shape[0] }, (_, i) => vectorOf(block, i)),
  );
  tf.dispose(blocks.flat());
  const kept = groups.flat();
  tf.dispose(ys.filter((_, i) => !kept.includes(i)).flat());
  return {
    eigenvalues,
    vectors: kept.map((i) => ys[i]),
    places: groups.flatMap((group, place) => group.map(() => place)),
  };
}

interface Search {
  operator: SymmetricOperator;
  /** What is found is orthogonal to it. */
  locked: Basis;
  /** The most vectors held. */
  most: number;
  /** Whether in single precision. */
  isSingle: boolean;
  /** How many eigenvalues. */
  count: number;
  /** Ends with none found once the largest is known to be smaller by more than {@link SAME}. */
  below?: number;
  tolerance: number;
  residual: number;
  random: Random;
}

/** Below this share of the largest eigenvalue errors are taken relative to it: rounding reaches no further. */
const FLOOR = 1e-6;

/** Every so many steps the eigenvalues of the projected matrix are looked at. */
const EVERY = 4;

/**
 * The vectors of the largest eigenvalues orthogonal to what is locked, fewer where the space has no more, and the distance of
 * each to the next eigenvalue.
 */
async function search(of: Search): Promise<{ gaps: number[]; block?: Block }> {
  const { operator, locked, most, count, below, tolerance, residual, isSingle } = of;
  const basis = createBasis(isSingle);
  let matrix: Float64Array[] = []; // of A in the basis
  let next: Vector | undefined;
  try {
    next = start(of, basis);
    while (next) {
      if (isSingle) next = rounded(next);
      const product = await operator.apply(next);
      basis.add(next);
      const { along, rest } = orthogonalise(product, locked, basis);
      const m = basis.size;
      matrix = bordered(matrix, along);
      const beta = Math.sqrt(squaredNorm(rest));
      const size = Math.max(...matrix.map((row, i) => Math.abs(row[i])), beta);
      const isInvariant = beta <= 1e-13 * size;
      next = isInvariant ? undefined : scale(rest, 1 / beta);
      tf.dispose([...rest]);
      if (!Number.isFinite(size))
        throw invalid('operator', 'its product with a vector has no finite norm', size);
      next ??= m < most ? start(of, basis) : undefined;
      const isLast = next === undefined;
      if (!isLast && m < most && m % EVERY !== 0) continue;
      const { values, vectors } = symmetricEigen(matrix);
      const residuals = vectors.map((y) => (isInvariant ? 0 : beta * Math.abs(y[m - 1])));
      const leading = Math.max(Math.abs(values[0]), Math.abs(values[m - 1]));
      const gaps = residuals.map((_, i) => gapOf(values, residuals, i));
      const errorOf = (i: number) => (gaps[i] > residuals[i] ? residuals[i] ** 2 / gaps[i] : residuals[i]);
      const isFound = (i: number) => {
        const scaleOf = Math.max(Math.abs(values[i]), FLOOR * leading);
        return isLast || (errorOf(i) <= tolerance * scaleOf && residuals[i] <= residual * scaleOf);
      };
      const wanted = Math.min(count, m);
      const isBelow =
        below !== undefined &&
        (isLast || residuals[0] <= 1e-3 * Math.abs(values[0])) &&
        values[0] + residuals[0] < below - SAME * Math.abs(below);
      if (isBelow) return { gaps: [] };
      const isDone = wanted === count && Array.from({ length: wanted }, (_, i) => isFound(i)).every(Boolean);
      if (isDone || isLast) {
        return { gaps: gaps.slice(0, wanted), block: combine(basis.take(), columns(vectors, wanted)) };
      }
      if (m < most) continue;
      const kept = Math.min(most - 2, count + Math.ceil((most - count) / 2));
      basis.addBlock(combine(basis.take(), columns(vectors, kept), isSingle));
      matrix = Array.from({ length: kept }, (_, i) => {
        const line = new Float64Array(kept);
        line[i] = values[i];
        return line;
      });
    }
    return { gaps: [] };
  } finally {
    if (next) tf.dispose([...next]);
    basis.dispose();
  }
}

/** A random unit vector of the subspace, orthogonal to all there is; undefined where there is none. */
function start({ operator, locked, random }: Search, basis: Basis): Vector | undefined {
  const drawn = randomVector(operator.sizes, random);
  const own = operator.project?.(drawn) ?? drawn;
  if (own !== drawn) tf.dispose([...drawn]);
  const before = Math.sqrt(squaredNorm(own));
  const { rest } = orthogonalise(own, locked, basis);
  const after = Math.sqrt(squaredNorm(rest));
  const unit = after > 1e-10 * before ? scale(rest, 1 / after) : undefined;
  tf.dispose([...rest]);
  return unit;
}

/** A symmetric matrix with one more row and column. */
function bordered(matrix: readonly Float64Array[], last: Float64Array): Float64Array[] {
  return [...matrix.map((row, i) => Float64Array.of(...row, last[i])), last];
}

/** The first eigenvectors as columns. */
function columns(vectors: readonly Float64Array[], count: number): Float64Array[] {
  return vectors[0].reduce<Float64Array[]>((rows, _, j) => {
    rows.push(Float64Array.from({ length: count }, (_, i) => vectors[i][j]));
    return rows;
  }, []);
}

/** The distance to the next other value, less what that may be off by. */
function gapOf(values: Float64Array, residuals: readonly number[], i: number): number {
  let gap = Number.POSITIVE_INFINITY;
  values.forEach((value, j) => {
    if (j !== i) gap = Math.min(gap, Math.abs(value - values[i]) - residuals[j]);
  });
  return gap;
}
