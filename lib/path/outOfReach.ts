import { type InvalidError, invalid } from '../base';
import { checkFinite, type Network, type Params, type Power } from '../network';
import { mapRecord, readDoubles, type TensorRecord, tf } from '../tensor';
import { type PathNormOptions, pathFunction } from './pathNorm';

/** Below it float64 loses digits. */
const SMALLEST = 2 ** -1022;

/** Whether float64 holds a sum with all its digits; 0 may be one of no paths. */
export function isInReach(value: number): boolean {
  const size = Math.abs(value);
  return size < Number.POSITIVE_INFINITY && (size === 0 || size >= SMALLEST);
}

/**
 * The error for a sum over paths that leaves float64: names the first node up to which the sum is out of reach.
 *
 * @param layer named where the pass forward stays in reach
 * @throws `invalid params; …` where the parameters are NaN or infinite already
 */
export function outOfReach(
  subject: string,
  value: number,
  {
    network,
    params,
    power,
    options,
  }: { network: Network; params: Params; power: Power; options: PathNormOptions },
  layer?: string,
): InvalidError {
  checkFinite(network, params);
  const largest = (of: 'sums' | 'signs') => {
    const run = pathFunction(network, power, options, ['largest', of], ({ norm, s }) => {
      const kept: tf.Tensor[] = []; // out of the pass's own tidy
      norm(of === 'sums' ? s : signsOf(s), (_, sums) => {
        kept.push(tf.keep(sums.abs().max()));
        return sums;
      });
      const all = tf.stack(kept); // [nodes]
      tf.dispose(kept);
      return all;
    });
    const tensor = run({ params, mask: options.mask, input: options.input });
    const values = Float64Array.from(readDoubles(tensor));
    tensor.dispose();
    return values;
  };
  const [sums, signs] = [largest('sums'), largest('signs')];
  const node = network.nodes.find((_, i) => !isInReach(sums[i]) || (sums[i] === 0 && signs[i] > 0));
  const place = node?.id ?? layer;
  const rule = 'leaves float64, which reaches from 2.2e-308 to 1.8e308';
  return invalid(subject, place === undefined ? rule : `${rule}, at ${place}`, value);
}

/** 1, 0 and −1: of them sums over paths are 0 only where there is no path. */
export function signsOf(s: TensorRecord): TensorRecord {
  return mapRecord(s, (tensor) => tensor.sign());
}
