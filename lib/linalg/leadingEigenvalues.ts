import { breathe, checkNames, interruptible, invalid, type LongWork } from '../base';
import { createRandom, tf } from '../tensor';
import { type Basis, createBasis, orthogonalise } from './basis';
import { checkOperator } from './checkOperator';
import { dimension, type SymmetricOperator, type Vector } from './operator';
import { errorOf, SAME, search } from './search';
import { searchTwice } from './searchTwice';
import { type Block, dot, scale, squaredNorm, subtract, vectorOf } from './vectors';

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

const optionNames: Record<keyof LanczosOptions, 1> = {
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
 * restart (Wu and Simon 2000), in double precision; where memory is short without a basis, the vectors by a second pass
 * (Cullum and Willoughby 1985). One sequence meets each eigenvalue once; so searches orthogonal to what is
 * found follow until one ends below the last.
 *
 * @throws `invalid k; …`, `invalid tolerance; …`, `invalid memory; …`, `invalid operator; …`; the signal's reason where aborted
 */
export async function leadingEigenvalues(
  operator: SymmetricOperator,
  options: LanczosOptions = {},
): Promise<LeadingEigenvalues> {
  checkNames('leadingEigenvalues', options, optionNames);
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
  const held = Math.floor(memory / (8 * n));
  if (!(held >= k + OWN))
    throw invalid('memory', `holds ${held} vectors of ${n} numbers, fewer than k + ${OWN}; bytes`, memory);
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
      while (!isComplete && held - found.length >= Math.max(k - found.length, 1) + OWN) {
        const last = valuesOf(found)[k - 1];
        const room = held - found.length;
        const look = room < ENOUGH ? searchTwice : search;
        const more = await look({
          operator: counted,
          locked,
          most: Math.min(room, Math.max(4 * k + 24, ENOUGH)),
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

/** Vectors that a search takes beside those it finds. */
const OWN = 6;

/** With room for fewer vectors than these a search with restarts takes several times as many products as one without a basis. */
const ENOUGH = 40;

/** An eigenvalue of one search. */
interface Found {
  value: number;
  residual: number;
  error: number;
}

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
    found.push({ value, residual, error: errorOf(residual, gap) });
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
