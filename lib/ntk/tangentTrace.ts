import { breathe, checkNames, type LongWork, lookUp } from '../base';
import { interruptible } from '../base/interrupt';
import { memorySize } from '../base/memorySize';
import type { Network, Params } from '../network';
import { compiled, compiledFor, type Precision, readDoubles, tf } from '../tensor';
import { type DerivativeOptions, settleDerivative } from './derivative';
import { type Feature, type Features, featureSizes, layerFeatures } from './features';
import { planBlocks } from './planBlocks';

export interface TangentTraceOptions extends Omit<DerivativeOptions, 'batchNorm'>, LongWork {
  /** What gradients may take, in bytes or as `'2GiB'`; 1 GiB by default. */
  memory?: number | string;
  /** `double` (default) or `single`. */
  precision?: Precision;
}

/** Tr Θ and what each parameter has of it. */
export interface TangentTrace {
  /** Σ (∂f_k(x_n)/∂θ_i)² over images, outputs and parameters. */
  value: number;
  /** ln of it. */
  log: number;
  /** By parameter name. */
  parts: Record<string, number>;
}

/**
 * Tr Θ of the tangent kernel of some images, exactly: one pass forward and one backward for each few of them. Batch norm has its
 * running statistics.
 *
 * @param xs `[images, ...network.input]`
 * @throws as `empiricalNtk`
 */
export async function tangentTrace(
  network: Network,
  params: Params,
  xs: tf.Tensor,
  options: TangentTraceOptions = {},
): Promise<TangentTrace> {
  checkNames('tangentTrace', options, {
    ...{ parameters: 1, mask: 1, trainable: 1, memory: 1, precision: 1, signal: 1, onProgress: 1 },
  });
  const { memory = 2 ** 30, precision = 'double', signal, onProgress, ...derivative } = options;
  lookUp('precision', { single: 1, double: 1 }, precision);
  const settled = settleDerivative(network, params, xs, derivative);
  const sizes = featureSizes(network, settled, 'diagonal', 'layers');
  const make = layerFeatures(network, params, settled, sizes, precision);
  const total = xs.shape[0];
  const { size } = planBlocks(network, Object.values(sizes), {
    memory: memorySize('memory', memory),
    ...{ outputs: 'trace', precision, images: [total] },
  });
  const squares = compiledFor(network, ['ntk', 'squares', precision], () =>
    compiled((features: Features) => tf.stack(Object.values(features).map(squaredNorm)), {
      precision: 'double',
    }),
  );
  const parts: Record<string, number> = Object.fromEntries(settled.names.map((name) => [name, 0]));
  await interruptible(async (raised) => {
    for (let from = 0; from < total; from += size) {
      raised.throwIfAborted();
      const to = Math.min(from + size, total);
      const features = make(xs, from, to);
      const sums = squares(features);
      readDoubles(sums).forEach((sum, i) => {
        parts[Object.keys(features)[i]] += sum;
      });
      tf.dispose([sums, features as object as tf.TensorContainer]);
      onProgress?.({ done: to, total, message: 'images' });
      await breathe();
    }
  }, signal);
  const value = Object.values(parts).reduce((sum, part) => sum + part, 0);
  return { value, log: Math.log(value), parts };
}

/** The sum of the squares of all gradients. */
function squaredNorm(feature: Feature): tf.Scalar {
  if ('rows' in feature) return feature.rows.square().sum();
  const { read, cotangents } = feature;
  const seen = tf.matMul(read, read, false, true).expandDims(1); // [images, 1, places, places]
  return seen.mul(tf.matMul(cotangents, cotangents, false, true)).sum(); // [images, outputs, places, places]
}
