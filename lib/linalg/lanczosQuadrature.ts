import { breathe, checkNames, interruptible, invalid, type LongWork } from '../base';
import { createRandom, tf } from '../tensor';
import { type Basis, createBasis, orthogonalise } from './basis';
import { type Interval, meanInterval, studentQuantile } from './meanInterval';
import { dimension, type SymmetricOperator, type Vector } from './operator';
import { symmetricEigen } from './symmetricEigen';
import { threeTerms, tridiagonal } from './threeTerms';
import { dot, randomVector, scale, squaredNorm, stack } from './vectors';

export interface QuadratureOptions extends LongWork {
  /** Random vectors, each an independent estimate; 10 by default. */
  probes?: number;
  /** Products for each; with m of them sums of polynomials of degree 2m − 1 have no error but that of the draw. 30 by default. */
  steps?: number;
  /** Orthonormal eigenvectors whose eigenvalues are left out, such as leading ones that are known; none by default. */
  without?: readonly Vector[];
  /** Bytes for the vectors that are held: where too few, sequences are not kept orthogonal; 2 GiB by default. */
  memory?: number;
  /** Of the random vectors; 1 by default. */
  seed?: number;
}

/** One random vector's view of a spectrum: eigenvalues stand at its nodes, so many as their weights say. */
export interface Quadrature {
  nodes: Float64Array;
  weights: Float64Array;
}

const optionNames: Record<keyof QuadratureOptions, 1> = {
  probes: 1,
  steps: 1,
  without: 1,
  memory: 1,
  seed: 1,
  signal: 1,
  onProgress: 1,
};

/**
 * Stochastic Lanczos quadrature (Golub and Meurant; Ubaru, Chen and Saad 2017): for each of several normal vectors z the Gauss
 * quadrature of zᵀ f(A) z, whose mean over z is Tr f(A).
 *
 * @throws `invalid probes; …`, `invalid steps; …`; the signal's reason where aborted
 */
export async function lanczosQuadrature(
  operator: SymmetricOperator,
  options: QuadratureOptions = {},
): Promise<Quadrature[]> {
  checkNames('lanczosQuadrature', options, optionNames);
  const { probes = 10, steps = 30, without = [], memory = 2 ** 31, seed = 1, onProgress } = options;
  if (!(Number.isInteger(probes) && probes >= 1))
    throw invalid('probes', 'not a positive whole number', probes);
  if (!(Number.isInteger(steps) && steps >= 1)) throw invalid('steps', 'not a positive whole number', steps);
  const held = Math.floor(memory / (8 * dimension(operator))) - without.length;
  return interruptible(async (signal) => {
    const locked = createBasis();
    if (without.length > 0) locked.addBlock(stack(without));
    const random = createRandom(seed).fork('quadrature');
    const found: Quadrature[] = [];
    try {
      for (let probe = 0; probe < probes; probe++) {
        const drawn = randomVector(operator.sizes, random);
        const step = async () => {
          await breathe();
          signal.throwIfAborted();
        };
        found.push(await oneProbe(operator, drawn, locked, { steps, keeps: held >= steps + 2, step }));
        onProgress?.({ done: probe + 1, total: probes });
      }
      return found;
    } finally {
      locked.dispose();
    }
  }, options.signal);
}

/**
 * Tr f(A) with its interval over the probes.
 *
 * @param options.trace Tr A where it is known: f is then estimated by what it differs in from its regression on A, which varies less
 * @param options.level as of {@link meanInterval}
 */
export function traceOf(
  quadratures: readonly Quadrature[],
  f: (eigenvalue: number) => number,
  options: { trace?: number; level?: number } = {},
): Interval {
  checkNames('traceOf', options, { trace: 1, level: 1 });
  const sumOf = (of: (eigenvalue: number) => number) =>
    quadratures.map(({ nodes, weights }) => nodes.reduce((sum, node, i) => sum + weights[i] * of(node), 0));
  const { trace, level } = options;
  const sums = sumOf(f);
  return trace === undefined
    ? meanInterval(sums, level)
    : controlled(
        sums,
        sumOf((value) => value),
        trace,
        level,
      );
}

/** The mean of draws of which others are known in the mean (a control variate), with Student's interval. */
function controlled(
  sums: readonly number[],
  others: readonly number[],
  mean: number,
  level?: number,
): Interval {
  const n = sums.length;
  const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / n;
  const [ours, theirs] = [average(sums), average(others)];
  const variance = average(others.map((other) => (other - theirs) ** 2));
  if (n < 3 || variance === 0) return meanInterval(sums, level);
  const slope = average(sums.map((sum, i) => (sum - ours) * (others[i] - theirs))) / variance;
  const rest = sums.map((sum, i) => sum - ours - slope * (others[i] - theirs));
  // The variance of a regression's value at the known mean.
  const spread = average(rest.map((value) => value ** 2)) * (n / (n - 2));
  const half =
    studentQuantile(level ?? 0.95, n - 2) * Math.sqrt((spread / n) * (1 + (theirs - mean) ** 2 / variance));
  const estimate = ours - slope * (theirs - mean);
  return { estimate, low: estimate - half, high: estimate + half };
}

interface ProbeOptions {
  steps: number;
  /** Whether all vectors of the sequence are kept, and the sequence orthogonal. */
  keeps: boolean;
  /** Called before each product. */
  step: () => Promise<void>;
}

async function oneProbe(
  operator: SymmetricOperator,
  drawn: Vector,
  locked: Basis,
  { steps, keeps, step }: ProbeOptions,
): Promise<Quadrature> {
  const basis = createBasis();
  const diagonal: number[] = [];
  const beside: number[] = [];
  let before: Vector | undefined;
  let current: Vector | undefined;
  try {
    const own = operator.project?.(drawn) ?? drawn;
    if (own !== drawn) tf.dispose([...drawn]);
    const { rest } = orthogonalise(own, locked);
    const square = squaredNorm(rest);
    if (square > 0) current = scale(rest, 1 / Math.sqrt(square));
    tf.dispose([...rest]);
    while (current && diagonal.length < steps) {
      await step();
      const product = await operator.apply(current);
      diagonal.push(dot(product, current));
      const left = keeps
        ? keep(basis, locked, current, product)
        : threeTerms(locked, { current, before, product, known: diagonal.at(-1), beta: beside.at(-1) }).rest;
      const beta = Math.sqrt(squaredNorm(left));
      const size = Math.max(...diagonal.map(Math.abs), ...beside, beta);
      if (!Number.isFinite(size)) {
        tf.dispose([...left]);
        throw invalid('operator', 'its product with a vector has no finite norm', size);
      }
      if (!keeps) {
        if (before) tf.dispose([...before]);
        before = current;
      }
      current = beta > 1e-13 * size ? scale(left, 1 / beta) : undefined;
      if (current) beside.push(beta);
      tf.dispose([...left]);
    }
    return gauss(diagonal, beside.slice(0, Math.max(0, diagonal.length - 1)), square);
  } finally {
    for (const vector of [before, current]) if (vector) tf.dispose([...vector]);
    basis.dispose();
  }
}

/** What is left of A q after all vectors of the sequence; q goes into the basis. */
function keep(basis: Basis, locked: Basis, current: Vector, product: Vector): Vector {
  basis.add(current);
  return orthogonalise(product, locked, basis).rest;
}

/** Nodes and weights of a Jacobi matrix; the weights add up to `total`. */
function gauss(diagonal: readonly number[], beside: readonly number[], total: number): Quadrature {
  const m = diagonal.length;
  if (m === 0) return { nodes: new Float64Array(0), weights: new Float64Array(0) };
  const { values, vectors } = symmetricEigen(tridiagonal(diagonal, beside));
  return { nodes: values, weights: Float64Array.from(vectors, (y) => total * y[0] ** 2) };
}
