import { checkNames, invalid, type LongWork } from '../base';
import {
  dimension,
  type Eigenvalue,
  type Interval,
  lanczosQuadrature,
  leadingEigenvalues,
  traceOf,
} from '../linalg';
import type { Network, Params } from '../network';
import { readDoubles, tf } from '../tensor';
import { derivativeOptions } from './derivative';
import type { JacobianProductOptions } from './jacobianProducts';
import { ntkOperator } from './ntkOperator';
import { type TangentTrace, tangentTrace } from './tangentTrace';

export interface TangentSpectrumOptions
  extends Omit<JacobianProductOptions, 'precision' | 'batchNorm'>,
    LongWork {
  /** How many of the largest distinct eigenvalues; 10 by default, or as many as Θ has. */
  k?: number;
  /** The relative error at which an eigenvalue counts as found; 1e-8 by default. */
  tolerance?: number;
  /** Whether eigenvectors are returned; `false` by default. */
  vectors?: boolean;
  /** Random vectors for what is estimated of the whole spectrum; 10 by default, 0 for no estimates. */
  probes?: number;
  /** Products for each of them; 30 by default. */
  steps?: number;
  /** Of the random vectors; 1 by default. */
  seed?: number;
}

/** What is known of the eigenvalues of a tangent kernel. Intervals hold the true value 95 times of 100. */
export interface TangentSpectrum {
  /** Leading distinct ones, largest first, with their multiplicities and errors. */
  eigenvalues: Eigenvalue[];
  /** Of each leading eigenvalue, copies after one another, unit vectors of a number for each output of each image; empty unless asked for. */
  eigenvectors: Float64Array[];
  /** Tr Θ, exactly. */
  trace: TangentTrace;
  /** ‖Θ‖_F = √Σ λ². */
  frobenius?: Interval;
  /** (Σ λ)² / Σ λ², which is also called effective rank. */
  participationRatio?: Interval;
  /** exp(−Σ p ln p), p = λ / Σ λ. */
  effectiveRank?: Interval;
}

/**
 * The spectrum of the tangent kernel of any number of images, from products with it alone: leading eigenvalues by Lanczos, norms and
 * ranks of the whole by stochastic quadrature. Of fewer than some thousand numbers `linalg.symmetricEigen` of an `empiricalNtk`
 * is quicker. Batch norm has its running statistics.
 *
 * @param xs `[images, ...network.input]`
 * @throws `invalid k; …`, `invalid probes; …` and as `jacobianProducts`; the signal's reason where it is aborted
 */
export async function tangentSpectrum(
  network: Network,
  params: Params,
  xs: tf.Tensor,
  options: TangentSpectrumOptions = {},
): Promise<TangentSpectrum> {
  checkNames('tangentSpectrum', options, {
    ...{
      parameters: derivativeOptions.parameters,
      mask: 1,
      trainable: 1,
      batch: 1,
      k: 1,
      tolerance: 1,
      vectors: 1,
    },
    ...{ probes: 1, steps: 1, seed: 1, signal: 1, onProgress: 1 },
  });
  const {
    parameters,
    mask,
    trainable,
    batch,
    tolerance,
    vectors = false,
    probes = 10,
    steps,
    ...others
  } = options;
  const { seed, signal, onProgress } = others;
  if (!(Number.isInteger(probes) && probes >= 0 && probes !== 1))
    throw invalid('probes', 'not 0, nor a whole number of 2 or more', probes);
  const operator = ntkOperator(network, params, xs, { parameters, mask, trainable, batch });
  const { k = Math.min(10, dimension(operator)) } = options;
  const work = { seed, signal, onProgress };
  const leading = await leadingEigenvalues(operator, { k, tolerance, vectors: true, ...work });
  try {
    const trace = await tangentTrace(network, params, xs, {
      parameters,
      mask,
      trainable,
      signal,
      onProgress,
    });
    const known = leading.eigenvalues.filter(({ value }) => value > 0);
    const rest = trace.value - known.reduce((sum, { value, multiplicity }) => sum + value * multiplicity, 0);
    const quadratures =
      probes === 0
        ? []
        : await lanczosQuadrature(operator, { probes, steps, without: leading.vectors, ...work });
    /** Σ f(λ / Σ λ): of the leading ones exactly, of the others estimated. */
    const sum = (f: (share: number) => number): Interval => {
      const of = (value: number) => (value > 0 ? f(value / trace.value) : 0);
      const exact = known.reduce((total, { value, multiplicity }) => total + multiplicity * of(value), 0);
      const { estimate, low, high } = traceOf(quadratures, of, { trace: rest });
      return { estimate: exact + estimate, low: exact + Math.max(low, 0), high: exact + high };
    };
    return {
      eigenvalues: leading.eigenvalues,
      eigenvectors: vectors ? leading.vectors.map(([vector]) => readDoubles(vector).slice()) : [],
      trace,
      ...(quadratures.length > 0 && {
        frobenius: through(
          sum((share) => share ** 2),
          (value) => trace.value * Math.sqrt(value),
        ),
        participationRatio: through(
          sum((share) => share ** 2),
          (value) => 1 / value,
        ),
        effectiveRank: through(
          sum((share) => -share * Math.log(share)),
          Math.exp,
        ),
      }),
    };
  } finally {
    tf.dispose(leading.vectors.flat());
  }
}

/** A monotone function of what lies in an interval. */
function through({ estimate, low, high }: Interval, f: (value: number) => number): Interval {
  const ends = [f(low), f(high)];
  return { estimate: f(estimate), low: Math.min(...ends), high: Math.max(...ends) };
}
