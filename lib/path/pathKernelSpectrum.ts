import { checkNames, invalid, type LongWork } from '../base';
import {
  dimension,
  type Eigenvalue,
  type Interval,
  lanczosQuadrature,
  leadingEigenvalues,
  type Quadrature,
  type SymmetricOperator,
  traceOf,
  type Vector,
} from '../linalg';
import type { Network, Params } from '../network';
import { readDoubles, tf } from '../tensor';
import { type PathKernelOperator, type PathKernelOptions, pathKernelOperator } from './pathKernelOperator';
import { type PathKernelRank, pathKernelRank } from './pathKernelRank';
import type { PathKernelTrace } from './pathKernelTrace';

export interface SpectrumOptions extends PathKernelOptions, LongWork {
  /** How many of the largest distinct eigenvalues; 10 by default. */
  k?: number;
  /** The relative error at which an eigenvalue counts as found; 1e-8 by default. */
  tolerance?: number;
  /** Whether eigenvectors are returned, as good as the tolerance says; `false` by default. */
  vectors?: boolean;
  /** Random vectors for what is estimated of the whole spectrum, 2 or more; 10 by default, and 0 for no estimates. */
  probes?: number;
  /** Products for each of them; 30 by default. */
  steps?: number;
  /** Bytes for the vectors that are held; 2 GiB by default. Less of it takes more products. */
  memory?: number;
  /** Of the random vectors; 1 by default. */
  seed?: number;
}

/** A distinct eigenvalue of the Path Kernel. */
export type SpectrumRow = {
  /** From 1, the largest. */
  index: number;
  value: number;
  /** How many equal ones there are; those known by the structure counted exactly. */
  multiplicity: number;
  /** ‖G u − value · u‖ of its unit vector: an eigenvalue lies no further away. 0 for one known by the structure alone. */
  residual: number;
  /** Estimate of its error. */
  error: number;
  /** Multiplicity · value over the trace. */
  share: number;
};

/** A leading eigenvector's part in a layer. */
export type SpectrumLayerRow = {
  /** Of its eigenvalue. */
  index: number;
  layer: string;
  /** Name of the kernel. */
  name: string;
  /** Σ u² over the kernel; 1 over all of them. */
  mass: number;
  /** (Σ u²)² / Σ u⁴ over the kernel, from 1 to its size: on how many weights the part rests. */
  participation: number;
};

/** One place of the spectral density. */
export type DensityRow = {
  /** log10 of the eigenvalue. */
  logValue: number;
  /** Eigenvalues a power of ten, with copies. */
  density: number;
  low: number;
  high: number;
};

export interface PathKernelSpectrum {
  /** Leading distinct eigenvalues, largest first. */
  eigenvalues: SpectrumRow[];
  /** By eigenvalue of a search, a unit vector by kernel; empty unless asked for. Not those that the structure alone gives. */
  eigenvectors: { index: number; parts: Record<string, Float64Array> }[];
  /** Where the leading eigenvectors lie; empty unless vectors are asked for. */
  perLayer: SpectrumLayerRow[];
  trace: PathKernelTrace;
  /** The largest eigenvalue, ‖Π‖₂. */
  spectralNorm: number;
  /** Tr Π / λ₁: the stable rank of J, ‖J‖_F² / ‖J‖₂². */
  stableRank: number;
  /** √Σ λ², ‖Π‖_F. */
  frobenius?: Interval;
  /** (Σ λ)² / Σ λ². */
  participationRatio?: Interval;
  /** exp(−Σ p ln p), p = λ / Σ λ. */
  effectiveRank?: Interval;
  rank: PathKernelRank;
  /** Eigenvalues per power of ten; empty without estimates. */
  density: DensityRow[];
  /** Products G u that were computed. */
  products: number;
  /** Whether a last search made sure that no copies are left; false where memory for them ran out. */
  isComplete: boolean;
}

const optionNames: Record<keyof SpectrumOptions, 1> = {
  mask: 1,
  trainable: 1,
  policy: 1,
  k: 1,
  tolerance: 1,
  vectors: 1,
  probes: 1,
  steps: 1,
  memory: 1,
  seed: 1,
  signal: 1,
  onProgress: 1,
};

/** Eigenvalues that differ by less, relative to the largest, are copies of one. */
const SAME = 1e-8;

/** Eigenvalues below this share of the largest are 0. */
const ZERO = 1e-12;

/**
 * The spectrum of the Path Kernel Π = J Jᵀ (arXiv 2101.10552) of a network of any size: the leading eigenvalues of G = JᵀJ, which
 * has the same that are not 0, by Lanczos, and what is estimated of all of them by stochastic quadrature, without the matrix
 * and in double precision.
 *
 * Equal eigenvalues come once with their multiplicity. Those of weights that start from equal inputs or go to summed outputs
 * are known by their number; others are counted by searches orthogonal to what was found.
 *
 * @throws `invalid k; …` beyond the number of distinct eigenvalues, `invalid probes; …`, `invalid memory; …`, `invalid network; no
 *   path is left …`, and as {@link pathKernelOperator}; the signal's reason where aborted
 */
export async function pathKernelSpectrum(
  network: Network,
  params: Params,
  options: SpectrumOptions = {},
): Promise<PathKernelSpectrum> {
  checkNames('the spectrum', options, optionNames);
  const { mask, trainable, policy, k = 10, vectors = false, probes = 10, steps, ...others } = options;
  const { tolerance, memory, seed, signal, onProgress } = others;
  if (!(Number.isInteger(k) && k >= 1)) throw invalid('k', 'not a positive whole number', k);
  if (!(Number.isInteger(probes) && probes >= 0 && probes !== 1))
    throw invalid('probes', 'not 0, nor a whole number of 2 or more', probes);
  const operator = pathKernelOperator(network, params, { mask, trainable, policy, apart: true });
  let held: Vector[] = [];
  try {
    const rank = pathKernelRank(network, mask, trainable);
    if (k > rank.bound)
      throw invalid('k', `more than the ${rank.bound} eigenvalues that can differ from 0`, k);
    let products = 0;
    const counted: SymmetricOperator = {
      ...operator,
      apply: (u) => {
        products++;
        return operator.apply(u);
      },
    };
    const leading = await leadingEigenvalues(counted, {
      k: Math.min(k, dimension(operator)),
      tolerance,
      residual: vectors ? (tolerance ?? 1e-8) : 1e-5,
      vectors: true,
      memory,
      seed,
      signal,
      onProgress,
    });
    held = leading.vectors;
    const { places } = leading;
    const { rows, indexOf } = spectrumRows(operator, leading.eigenvalues, k);
    const without = held.filter((_, i) => leading.eigenvalues[places[i]].value > ZERO);
    const quadratures =
      probes === 0
        ? []
        : await lanczosQuadrature(counted, { probes, steps, without, memory, seed, signal, onProgress });
    const known = [
      ...leading.eigenvalues,
      ...operator.equal.map(({ value, multiplicity }) => ({
        value: value / operator.trace.value,
        multiplicity,
      })),
    ].filter(({ value }) => value > ZERO);
    const found = held.flatMap((vector, i) => {
      const index = indexOf[places[i]];
      return index === undefined ? [] : [{ index, vector }];
    });
    return {
      eigenvalues: rows,
      eigenvectors: vectors
        ? found.map(({ index, vector }) => ({ index, parts: partsOf(operator, vector) }))
        : [],
      perLayer: vectors ? found.flatMap(({ index, vector }) => layerRows(operator, index, vector)) : [],
      trace: operator.trace,
      spectralNorm: rows[0].value,
      stableRank: operator.trace.value / rows[0].value,
      ...wholeSums(operator.trace.value, known, quadratures),
      rank,
      density: densityRows(
        operator.trace.value,
        known,
        quadratures.map((quadrature) => withoutZeros(quadrature, rank.structuralZeros)),
      ),
      products,
      isComplete: leading.isComplete,
    };
  } finally {
    tf.dispose([...held.flat()]);
    operator.dispose();
  }
}

/** Distinct eigenvalues of the search and of the structure together, and for each of the search the index of its row. */
function spectrumRows(
  { trace, equal }: PathKernelOperator,
  searched: readonly Eigenvalue[],
  k: number,
): { rows: SpectrumRow[]; indexOf: (number | undefined)[] } {
  const all = [
    ...searched.map((eigenvalue, place) => ({ ...scaledBy(trace.value, eigenvalue), place })),
    ...equal.map(({ value, multiplicity }) => ({
      value,
      multiplicity,
      residual: 0,
      error: 0,
      place: undefined,
    })),
  ].sort((a, b) => b.value - a.value);
  const largest = all[0].value;
  const indexOf: (number | undefined)[] = searched.map(() => undefined);
  const rows: SpectrumRow[] = [];
  for (const { value, multiplicity, residual, error, place } of all) {
    if (!(value > ZERO * largest)) break;
    let row = rows.at(-1);
    if (!row || row.value - value > SAME * largest) {
      row = { index: rows.length + 1, value, multiplicity: 0, residual: 0, error: 0, share: 0 };
      rows.push(row);
    }
    row.multiplicity += multiplicity;
    row.residual = Math.max(row.residual, residual);
    row.error = Math.max(row.error, error);
    row.share = (row.multiplicity * row.value) / trace.value;
    if (place !== undefined && row.index <= k) indexOf[place] = row.index;
  }
  if (rows.length < k)
    throw invalid('k', `more than the ${rows.length} distinct eigenvalues that differ from 0`, k);
  return { rows: rows.slice(0, k), indexOf };
}

const scaledBy = (factor: number, { value, multiplicity, residual, error }: Eigenvalue): Eigenvalue => ({
  value: value * factor,
  multiplicity,
  residual: residual * factor,
  error: error * factor,
});

function partsOf({ kernels }: PathKernelOperator, vector: Vector): Record<string, Float64Array> {
  return Object.fromEntries(kernels.map(({ name }, i) => [name, readDoubles(vector[i]).slice()]));
}

function layerRows({ kernels }: PathKernelOperator, index: number, vector: Vector): SpectrumLayerRow[] {
  return kernels.map(({ name, layer }, i) => {
    let [mass, fourth] = [0, 0];
    for (const entry of readDoubles(vector[i])) {
      mass += entry ** 2;
      fourth += entry ** 4;
    }
    return { index, layer, name, mass, participation: fourth === 0 ? 0 : mass ** 2 / fourth };
  });
}

/** An eigenvalue over the trace, known without an estimate. */
type Known = { value: number; multiplicity: number };

/** Sums over all eigenvalues: of the known ones exactly, of the others estimated. */
function wholeSums(
  trace: number,
  known: readonly Known[],
  quadratures: readonly Quadrature[],
): Pick<PathKernelSpectrum, 'frobenius' | 'participationRatio' | 'effectiveRank'> {
  if (quadratures.length === 0) return {};
  const rest = 1 - known.reduce((sum, { value, multiplicity }) => sum + multiplicity * value, 0);
  const sum = (f: (share: number) => number): Interval => {
    const exact = known.reduce((total, { value, multiplicity }) => total + multiplicity * f(value), 0);
    const { estimate, low, high } = traceOf(quadratures, (value) => (value > 0 ? f(value) : 0), {
      trace: rest,
    });
    return { estimate: exact + estimate, low: exact + Math.max(low, 0), high: exact + high };
  };
  const squares = sum((share) => share ** 2);
  const entropy = sum((share) => -share * Math.log(share));
  const through = ({ estimate, low, high }: Interval, f: (value: number) => number): Interval => {
    const [a, b] = [f(low), f(high)];
    return { estimate: f(estimate), low: Math.min(a, b), high: Math.max(a, b) };
  };
  return {
    frobenius: through(squares, (value) => trace * Math.sqrt(value)),
    participationRatio: through(squares, (value) => 1 / value),
    effectiveRank: through(entropy, Math.exp),
  };
}

/** Places of the density. */
const PLACES = 160;

/** Powers of ten below the largest eigenvalue that the density reaches. */
const REACH = 12;

/**
 * A quadrature without the eigenvalues that are 0 by the structure. Where it has too few nodes to tell them from small ones, it
 * sees them as one value above 0, with a weight that varies as the sum of as many squares of normal numbers does.
 */
function withoutZeros(quadrature: Quadrature, zeros: number): Quadrature {
  const { nodes, weights } = quadrature;
  const last = nodes.length - 1;
  if (!(nodes[last] > nodes[0] * 10 ** -REACH)) return quadrature;
  const most = zeros + 4 * Math.sqrt(2 * zeros);
  let [count, gone] = [nodes.length, 0];
  while (count > 0 && gone + weights[count - 1] <= most) gone += weights[--count];
  const left = weights.slice(0, count);
  if (count > 0) left[count - 1] -= Math.max(0, zeros - gone);
  return { nodes: nodes.slice(0, count), weights: left };
}

/** Eigenvalues a power of ten, each spread normally over a fortieth of the range. */
function densityRows(
  trace: number,
  known: readonly Known[],
  quadratures: readonly Quadrature[],
): DensityRow[] {
  if (quadratures.length === 0) return [];
  const largest = Math.max(...known.map(({ value }) => value));
  const logOf = (value: number) => Math.log10(value);
  const isSeen = (value: number) => value > largest * 10 ** -REACH;
  const seen = [...known.map(({ value }) => value), ...quadratures.flatMap(({ nodes }) => [...nodes])].filter(
    isSeen,
  );
  const [low, high] = [logOf(Math.min(...seen)), logOf(largest)];
  const width = Math.max(high - low, 0.4) / 40;
  const normal = (x: number) => Math.exp((-x * x) / (2 * width * width)) / (width * Math.sqrt(2 * Math.PI));
  return Array.from({ length: PLACES }, (_, i) => {
    const at = low - 3 * width + ((high - low + 6 * width) * i) / (PLACES - 1);
    const near = (value: number) => (isSeen(value) ? normal(at - logOf(value)) : 0);
    const exact = known.reduce((sum, { value, multiplicity }) => sum + multiplicity * near(value), 0);
    const rest = traceOf(quadratures, near);
    const lowest = exact + Math.max(rest.low, 0);
    return {
      logValue: at + logOf(trace),
      density: exact + rest.estimate,
      low: lowest,
      high: exact + rest.high,
    };
  });
}
