import { checkNames, invalid } from '../base';
import {
  checkKernels,
  type LinearPolicy,
  type Mask,
  type Network,
  type Params,
  rescalableUnits,
} from '../network';
import { unitFactors } from '../network/rescale/unitFactors';
import { pathGradient } from './pathGradient';
import { type WeightLinks, weightLinks } from './weightLinks';

export interface ConditioningOptions {
  /** Which weights are kept; all by default. */
  mask?: Mask;
  /** How pools enter, as for the trace. Batch norm is folded: otherwise the trace obeys no law. */
  policy?: Pick<LinearPolicy, 'constants' | 'maxPool'>;
}

/** Before and after the rescaling. */
export interface Change {
  before: number;
  after: number;
}

export interface PathConditioning {
  /** By id of a layer, the factor λ of each channel, for `nets.rescale`. */
  factors: Record<string, Float64Array>;
  /** z = 2 ln λ, in the order of `nets.rescalableUnits`. */
  z: Float64Array;
  /** n ln Σ_i g_i exp((Bz)_i) − Σ_i (Bz)_i over the n weights counted. */
  objective: Change;
  /** Tr Π = Σ g_i. */
  trace: Change;
  /** The standard deviation of the g_i over their mean. */
  variation: Change;
  /** How often all units were gone through. */
  sweeps: number;
}

/**
 * PathCond (arXiv 2602.19799): the rescaling of hidden units that makes the diagonal g of G = JᵀJ, whose sum is the Path
 * Kernel's trace, as even as it can be. With z = 2 ln λ by unit, and B = 1 for weights that lead on from a unit and −1 for those
 * that lead into it, g becomes g exp(Bz); z minimises n ln Σ g exp(Bz) − Σ Bz, which is convex, unit by unit.
 *
 * It makes g even, not small: the trace may rise. The function and R(1; θ²) stay as they are. Counted are weights that are kept,
 * between channels that a path connects. A unit for which no size is best keeps its own.
 *
 *     const { factors } = paths.pathConditioning(network, params);
 *     const even = nets.rescale(network, params, factors);
 *
 * @throws `invalid params; …`, `invalid mask; …`; `invalid conditioning; …` where no path is left or the steps do not end
 */
export function pathConditioning(
  network: Network,
  params: Params,
  options: ConditioningOptions = {},
): PathConditioning {
  checkNames('pathConditioning', options, { mask: 1, policy: 1 });
  const { mask, policy = {} } = options;
  checkNames('a policy', policy, { constants: 1, maxPool: 1 });
  const kernels = network.parameters.filter(({ role }) => role === 'kernel');
  checkKernels(network, kernels);
  const names = kernels.map(({ name }) => name);
  const folded = { ...policy, batchNorm: 'fold' } as const;
  const { gradients } = pathGradient(network, params, 2, { mask, policy: folded, names });
  const units = rescalableUnits(network);
  const links = weightLinks(network, units, gradients, mask);
  if (links.count.length === 0) throw invalid('conditioning', 'no path is left in', network.name);
  const start = new Float64Array(units.length);
  const { z, sweeps } = evened(links, units.length);
  const [before, after] = [start, z].map((at) => measured(links, at));
  const change = (part: keyof typeof before): Change => ({ before: before[part], after: after[part] });
  return {
    factors: unitFactors(
      network,
      z.map((value) => Math.exp(value / 2)),
    ),
    z,
    objective: change('objective'),
    trace: change('trace'),
    variation: change('variation'),
    sweeps,
  };
}

/** A sweep after which no z moves by more than this is the last. */
const STILL = 1e-12;

const MOST_SWEEPS = 100_000;

/** Minimises over one unit after the other, until none moves. */
function evened({ into, from, count, sum }: WeightLinks, units: number): { z: Float64Array; sweeps: number } {
  const size = new Float64Array(units + 1).fill(1); // exp(z), the last one that of no unit
  const n = count.reduce((total, own) => total + own, 0);
  const links = Array.from({ length: units }, (): number[] => []);
  const surplus = new Float64Array(units); // A: weights that lead in less those that lead on
  count.forEach((own, link) => {
    if (into[link] === from[link]) return; // a factor on both sides changes nothing
    for (const [unit, sign] of [
      [into[link], 1],
      [from[link], -1],
    ]) {
      if (unit === units) continue;
      links[unit].push(link);
      surplus[unit] += sign * own;
    }
  });
  for (let sweeps = 1; sweeps <= MOST_SWEEPS; sweeps++) {
    let total = sum.reduce((all, own, link) => all + (own * size[from[link]]) / size[into[link]], 0);
    let most = 0;
    for (let unit = 0; unit < units; unit++) {
      let [on, back] = [0, 0]; // B and C: the sums of what leads on from the unit and into it, at z = 0 of it
      for (const link of links[unit]) {
        if (from[link] === unit) on += sum[link] / size[into[link]];
        else back += sum[link] * size[from[link]];
      }
      const rest = Math.max(0, total - on * size[unit] - back / size[unit]);
      const root = positiveRoot(on * (surplus[unit] + n), rest * surplus[unit], back * (surplus[unit] - n));
      if (root === undefined) continue;
      most = Math.max(most, Math.abs(Math.log(root / size[unit])));
      size[unit] = root;
      total = rest + on * root + back / root;
    }
    if (most <= STILL) return { z: size.subarray(0, units).map(Math.log), sweeps };
  }
  throw invalid('conditioning', 'sizes still change after so many sweeps', MOST_SWEEPS);
}

/** The positive root of a X² + b X + c with a ≥ 0 ≥ c; undefined where there is none. */
function positiveRoot(a: number, b: number, c: number): number | undefined {
  const root = Math.sqrt(b * b - 4 * a * c);
  const found = b >= 0 ? (-2 * c) / (b + root) : (root - b) / (2 * a);
  return 0 < found && found < Number.POSITIVE_INFINITY ? found : undefined;
}

function measured({ into, from, count, sum, squares }: WeightLinks, z: Float64Array) {
  let [n, trace, square, exponents] = [0, 0, 0, 0];
  count.forEach((own, link) => {
    const exponent = (z[from[link]] ?? 0) - (z[into[link]] ?? 0); // no z for no unit
    n += own;
    trace += sum[link] * Math.exp(exponent);
    square += squares[link] * Math.exp(2 * exponent);
    exponents += own * exponent;
  });
  return {
    objective: n * Math.log(trace) - exponents,
    trace,
    variation: Math.sqrt(Math.max(0, (n * square) / trace ** 2 - 1)),
  };
}
