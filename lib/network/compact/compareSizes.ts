import { median, sum } from 'd3-array';
import { checkNames, invalid, product } from '../../base';
import { tf } from '../../tensor';
import type { Network } from '../graph';
import { kernelsOf } from '../mask';
import { multiplications } from '../multiplications';
import type { Params } from '../params';
import { forward } from '../passes';

/** What a network takes: one of the rows of {@link compareSizes}. */
export interface SizeRow {
  network: 'before' | 'after';
  /** Weights of dense and convolutional layers. */
  weights: number;
  /** Of all parameters and running statistics, as float32. */
  bytes: number;
  /** Of one sample, forward. */
  multiplications: number;
  /** Of one batch in inference, the median of several times, the two networks in turn. */
  milliseconds: number;
}

/** Either network is measured for this long, at least three times. */
const BUDGET = 1000;

/**
 * What a network takes before it was cut down and after.
 *
 * @param before the whole network with its parameters
 * @param after the smaller one, as `compact` returns it
 * @param options `batch`, samples at a time; 128 by default
 */
export function compareSizes(
  before: { network: Network; params: Params },
  after: { network: Network; params: Params },
  options: { batch?: number } = {},
): SizeRow[] {
  checkNames('compareSizes', options, { batch: 1 });
  const { batch = 128 } = options;
  if (!(Number.isInteger(batch) && batch >= 1))
    throw invalid('batch', 'not a whole number of 1 or more', batch);
  const times = timesOf([before, after], batch);
  return [before.network, after.network].map((network, i) => ({
    network: (['before', 'after'] as const)[i],
    weights: sum(kernelsOf(network), ({ shape }) => product(shape)),
    bytes: 4 * sum(network.parameters, ({ shape }) => product(shape)),
    multiplications: sum(Object.values(multiplications(network))),
    milliseconds: median(times[i]) as number,
  }));
}

function timesOf(nets: readonly { network: Network; params: Params }[], batch: number): number[][] {
  const times: number[][] = nets.map(() => []);
  tf.tidy(() => {
    const inputs = nets.map(({ network }) => tf.randomNormal([batch, ...network.input], 0, 1, 'float32', 1));
    const run = (i: number) => {
      const start = performance.now();
      tf.tidy(() => forward(nets[i].network, nets[i].params, inputs[i]).dataSync());
      return performance.now() - start;
    };
    for (const i of nets.keys()) run(i); // memory is taken
    while (times.some((own) => own.length < 3) || sum(times.flat()) < nets.length * BUDGET)
      for (const i of nets.keys()) times[i].push(run(i));
  });
  return times;
}
