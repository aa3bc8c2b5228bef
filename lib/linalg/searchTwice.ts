import { invalid } from '../base';
import { tf } from '../tensor';
import { createBasis } from './basis';
import { dimension, type Vector } from './operator';
import { type Directions, gapOf, isBelow, isGood, SAME, type Search, start } from './search';
import { type Eigen, symmetricEigen } from './symmetricEigen';
import { threeTerms, tridiagonal } from './threeTerms';
import { accumulate, type Block, scale, squaredNorm } from './vectors';

/** Every so many steps the eigenvalues of the projected matrix are looked at. */
const EVERY = 10;

/** The most steps of a sequence. */
const LONGEST = 1200;

/**
 * What {@link search} finds, by a sequence whose vectors are not kept: the eigenvalues from the three terms of each step, the
 * vectors by the same steps once more. Without the vectors the sequence loses its orthogonality where an eigenvalue has
 * converged, and meets it again: such ghosts are merged, and one on its way is passed over. What is missed by that is met by
 * the search that follows.
 */
export async function searchTwice(of: Search): Promise<Directions> {
  const none = createBasis();
  const first = start(of, none);
  if (!first) return { gaps: [] };
  let block: Block | undefined;
  let isWhole = false;
  try {
    const sequence: Sequence = { diagonal: [], beside: [] };
    let chosen: Chosen | undefined;
    await walk(of, first, sequence, (isLast) => {
      const m = sequence.diagonal.length;
      if (!isLast && m % EVERY !== 0) return false;
      chosen = choose(of, sequence, isLast);
      return chosen !== undefined;
    });
    if (!chosen || chosen.vectors.length === 0) return { gaps: [] };
    const { vectors, gaps } = chosen;
    let step = 0;
    const steps = vectors[0].length;
    await walk(
      of,
      first,
      { ...sequence, steps },
      () => false,
      (vector) => {
        const more = accumulate(
          block,
          vector,
          Float64Array.from(vectors, (y) => y[step]),
        );
        if (block) tf.dispose([...block]);
        block = more;
        step++;
      },
    );
    isWhole = true;
    return { gaps, block };
  } finally {
    if (block && !isWhole) tf.dispose([...block]);
    tf.dispose([...first]);
  }
}

/**
 * The vector to start from has a component along each eigenvector of about 1 / √n: a value with so much less is a ghost on its
 * way. One eigenvector in ten thousand is taken for one, and found by the search that follows.
 */
const GHOST = 1e-4;

/** The three terms of each step: A v_j = β_j v_(j+1) + α_j v_j + β_(j−1) v_(j−1). */
interface Sequence {
  diagonal: number[];
  beside: number[];
  /** How many steps to repeat of those that are known; a new sequence where absent. */
  steps?: number;
}

interface Chosen {
  vectors: Float64Array[];
  gaps: number[];
}

/**
 * Goes along a sequence from a vector: a new one, whose terms it appends, until `ends` says so; or one that is known.
 *
 * @param onVector called with each vector
 */
async function walk(
  { operator, locked }: Search,
  first: Vector,
  sequence: Sequence,
  ends: (isLast: boolean) => boolean,
  onVector: (vector: Vector) => void = () => {},
): Promise<void> {
  const { diagonal, beside, steps } = sequence;
  let before: Vector | undefined;
  let current: Vector | undefined = scale(first, 1);
  try {
    for (let step = 0; current && step < (steps ?? LONGEST); step++) {
      onVector(current);
      if (step + 1 === steps) return;
      const product = await operator.apply(current);
      const terms = threeTerms(locked, {
        current,
        before,
        product,
        known: diagonal[step],
        beta: beside[step - 1],
      });
      if (steps === undefined) diagonal.push(terms.alpha);
      const beta = steps === undefined ? Math.sqrt(squaredNorm(terms.rest)) : beside[step];
      const size = Math.max(...diagonal.map(Math.abs), beta);
      if (before) tf.dispose([...before]);
      before = current;
      current = beta > 1e-13 * size ? scale(terms.rest, 1 / beta) : undefined;
      tf.dispose([...terms.rest]);
      if (!Number.isFinite(size))
        throw invalid('operator', 'its product with a vector has no finite norm', size);
      if (steps !== undefined) continue;
      beside.push(current ? beta : 0);
      if (ends(current === undefined || step + 1 === LONGEST)) return;
    }
  } finally {
    for (const vector of [before, current]) if (vector) tf.dispose([...vector]);
  }
}

/** The vectors of the largest distinct eigenvalues, none where all are below; undefined where it is too early to tell. */
function choose(of: Search, { diagonal, beside }: Sequence, isLast: boolean): Chosen | undefined {
  const m = diagonal.length;
  const beta = beside[m - 1];
  const { values, vectors }: Eigen = symmetricEigen(tridiagonal(diagonal, beside));
  const residuals = vectors.map((y) => beta * Math.abs(y[m - 1]));
  if (isBelow(of, values[0], residuals[0])) return { vectors: [], gaps: [] };
  const leading = Math.max(Math.abs(values[0]), Math.abs(values[m - 1]));
  const small = GHOST / Math.sqrt(dimension(of.operator));
  const found: { place: number; gap: number }[] = [];
  for (let place = 0; place < m && found.length < of.count; place++) {
    const last = found.at(-1);
    if (last && values[last.place] - values[place] <= SAME * leading) continue; // a ghost of it
    const others = values.filter(
      (value, j) => isOther(value - values[place], residuals[j], leading) || j === place,
    );
    const own = others.indexOf(values[place]);
    const gap = gapOf(others, Array<number>(others.length).fill(0), own);
    if (isLast || isGood(of, values[place], residuals[place], gap, leading)) found.push({ place, gap });
    else if (Math.abs(vectors[place][0]) > small) return undefined;
  }
  if (found.length < of.count && !isLast) return undefined;
  return { vectors: found.map(({ place }) => vectors[place]), gaps: found.map(({ gap }) => gap) };
}

/** Whether a value at a distance is known to be of another eigenvalue: no ghost, neither there nor on its way. */
function isOther(distance: number, residual: number, leading: number): boolean {
  return Math.abs(distance) > Math.max(SAME * leading, residual);
}
