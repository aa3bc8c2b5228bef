import { invalid, kindOf, lookUp } from '../../base';
import { mapRecord, tf } from '../../tensor';
import type { Network, ParameterSpec } from '../graph';
import { channelsOf } from '../joinChannels';
import type { BatchNormNode } from '../ops/batchNorm';
import { checkParams, type Params } from '../params';
import { type Absorbing, absorbingOf } from './absorbing';

/** By id of a layer, a factor λ > 0 for each channel of its value; 1 for layers that are not named. */
export type Factors = Readonly<Record<string, ArrayLike<number>>>;

/**
 * Other parameters of the same function: what leads into a hidden unit (weights and bias, or γ and β of a batch norm) times
 * its factor λ, what leads on from it divided by λ. Running statistics that it leads to are those of the scaled values: μ λ
 * and λ² (σ² + ε) − ε.
 *
 * Every path keeps its value, and so do R(1; |θ|), R(1; θ²) and the scores θ ⊙ ∂R/∂θ of them; the trace and the spectrum of
 * the Path Kernel do not. With batch norm this holds of sums under the policy `batchNorm: 'fold'`.
 *
 * @param factors of units that {@link rescalableUnits} lists; the same for all channels that are tied
 * @returns tensors of their own; the caller disposes of them. Exact for powers of two, but for the variances
 * @throws `invalid factors; …` for what is no layer, numbers that are not positive, channels tied by additions with different
 *   factors, the input and the outputs, and where a running variance would be negative or a number leave float32
 */
export function rescale(network: Network, params: Params, factors: Factors): Params {
  checkParams(network, params);
  const absorbing = absorbingOf(network);
  checkFactors(network, absorbing, factors);
  const byChannel = byUnit(network, absorbing, factors);
  const { joined, layers } = absorbing;
  const scales = (id: string) =>
    Float64Array.from(
      { length: channelsOf(network, id) },
      (_, channel) => byChannel[joined.unitOf(id, channel)],
    );
  const nodes = new Map(layers.map((node) => [node.id, node]));
  const changed: Record<string, Float32Array> = {};
  for (const spec of network.parameters) {
    const node = nodes.get(spec.layer);
    if (!node) continue;
    const [into, out] = [scales(node.inputs[0]), scales(node.id)];
    const epsilon = (node as BatchNormNode).epsilon;
    const values = params[spec.name].dataSync();
    const found = Float32Array.from(values, scaled(spec, into, out, epsilon));
    const lost = found.findIndex(
      (value, i) =>
        Number.isFinite(values[i]) && (!Number.isFinite(value) || (value === 0 && values[i] !== 0)),
    );
    if (lost >= 0) throw invalid('factors', `${spec.name}[${lost}] would leave float32, from`, values[lost]);
    changed[spec.name] = found;
  }
  return mapRecord(params, (tensor, name) =>
    Object.hasOwn(changed, name) ? tf.tensor(changed[name], tensor.shape) : tensor.clone(),
  );
}

/** A parameter's entry after the rescaling, by the factors of the channels that its layer reads and of those of its value. */
function scaled(
  { name, role, layer, shape, groups = 1 }: ParameterSpec,
  into: Float64Array,
  out: Float64Array,
  epsilon: number,
): (value: number, index: number) => number {
  if (role === 'kernel') {
    const [inputs, outputs] = shape.slice(-2);
    return (value, index) => {
      const output = index % outputs;
      const group = Math.floor((output * groups) / outputs);
      return (value * out[output]) / into[group * inputs + (Math.floor(index / outputs) % inputs)];
    };
  }
  if (role === 'mean') return (value, channel) => value * into[channel];
  if (role !== 'variance') return (value, channel) => value * out[channel];
  return (value, channel) => {
    const factor = into[channel];
    const variance = factor === 1 ? value : factor ** 2 * (value + epsilon) - epsilon;
    const rule = `too small for ${name}[${channel}], which would be negative, in front of ${layer}`;
    if (!(variance >= 0) && value >= 0) throw invalid('factors', rule, factor);
    return variance;
  };
}

function checkFactors(network: Network, { layers }: Absorbing, factors: Factors): void {
  if (typeof factors !== 'object' || factors === null)
    throw invalid('factors', 'not numbers by layer', kindOf(factors));
  const known = Object.fromEntries(layers.map(({ id }) => [id, 1]));
  for (const [layer, own] of Object.entries(factors)) {
    const other = network.nodes.find(({ id }) => id === layer && !Object.hasOwn(known, id));
    if (other)
      throw invalid('factors', `layers with weights and batch norms have some, ${other.op} has none`, layer);
    lookUp('layer', known, layer);
    const channels = channelsOf(network, layer);
    if (own?.length !== channels)
      throw invalid('factors', `not ${channels} numbers for ${layer}`, own?.length ?? own);
    const wrong = Array.from(own).find((factor) => !(0 < factor && factor < Number.POSITIVE_INFINITY));
    if (wrong !== undefined) throw invalid('factors', `of ${layer} not positive and finite`, wrong);
  }
}

/** The factor of each unit of joined channels. */
function byUnit(network: Network, { layers, joined, fixed }: Absorbing, factors: Factors): Float64Array {
  const found = new Float64Array(joined.size).fill(1);
  const tied = new Map<number, { place: string; factor: number }[]>();
  for (const { id } of layers)
    for (let channel = 0; channel < channelsOf(network, id); channel++) {
      const unit = joined.unitOf(id, channel);
      const factor = factors[id]?.[channel] ?? 1;
      tied.set(unit, [...(tied.get(unit) ?? []), { place: `${id}[${channel}]`, factor }]);
      found[unit] = factor;
    }
  for (const [unit, channels] of tied) {
    const changed = channels.find(({ factor }) => factor !== 1);
    if (!changed) continue;
    const { place, factor } = changed;
    for (const [side, rule] of [
      ['input', 'is tied to the input, which has none'],
      ['output', 'is an output or tied to one, which have none'],
    ] as const)
      if (fixed[side].has(unit)) throw invalid('factors', `${place} ${rule}`, factor);
    if (channels.some((other) => other.factor !== factor)) {
      const names = channels.map((other) => other.place).join(', ');
      throw invalid(
        'factors',
        `${names} are tied and have one`,
        channels.map((other) => other.factor),
      );
    }
  }
  return found;
}
