import { breathe, checkNames, invalid, type LongWork, lookUp, product } from '../base';
import { interruptible } from '../base/interrupt';
import { memorySize } from '../base/memorySize';
import type { Network, Params } from '../network';
import { type Precision, readDoubles, tf } from '../tensor';
import { contraction } from './contract';
import { checkImages, type DerivativeOptions, derivativeOptions, settleDerivative } from './derivative';
import {
  type FeatureMaker,
  type Features,
  featureSizes,
  type KernelOutputs,
  layerFeatures,
  rowFeatures,
} from './features';
import { blockPlacer } from './placeBlock';
import { type BlockPlan, planBlocks } from './planBlocks';

/** What the axes of the kernel are. */
const axesOf: Readonly<Record<KernelOutputs, readonly string[]>> = {
  full: ['x', 'output of x', 'y', 'output of y'],
  trace: ['x', 'y'],
  diagonal: ['x', 'y', 'output'],
};

export interface NtkOptions extends DerivativeOptions, LongWork {
  /**
   * `full` (default): Θ[n, k, m, k′] of every pair of outputs; `diagonal`: Θ[n, m, k] of equal ones; `trace`: Θ[n, m], their sum, not
   * their mean as in neural-tangents, so that the trace of either is Tr Θ.
   */
  outputs?: KernelOutputs;
  /**
   * `layers` (default): one pass forward, one backward for all outputs, contracted layer by layer; `rows`: one pass backward for each
   * image and output, for comparison and for batch norm that joins images.
   */
  implementation?: 'layers' | 'rows';
  /** What gradients and products may take, in bytes or as `'2GiB'`, beside the result and TensorFlow itself; 1 GiB by default. */
  memory?: number | string;
  /** `single` (default): float32 inside, sums over blocks in float64; `double`: float64. */
  precision?: Precision;
}

/** Θ = J Jᵀ between images. */
export interface TangentKernel {
  /** Row-major, by the axes. */
  readonly values: Float64Array;
  readonly shape: readonly number[];
  /** What each axis of the shape is: images x and y, and outputs of each or of both. */
  readonly axes: readonly string[];
}

/**
 * The empirical tangent kernel Θ(x, y) = J(x) J(y)ᵀ, J = ∂f/∂θ (Jacot et al. 2018, arXiv 1806.07572).
 *
 * @param params every parameter; not masked yet, where there is a mask
 * @param xs `[N, ...network.input]`
 * @param ys `[M, ...network.input]`; xs by default
 * @returns `[N, K, M, K]` for `full`, `[N, M]` for `trace`, `[N, M, K]` for `diagonal`
 * @throws `invalid …` for options, images, parameters and masks that do not fit, also for numbers that are not finite; `invalid
 *   memory; less than one image of … takes, …`; the signal's reason where it is aborted
 */
export async function empiricalNtk(
  network: Network,
  params: Params,
  xs: tf.Tensor,
  ys?: tf.Tensor | null,
  options: NtkOptions = {},
): Promise<TangentKernel> {
  checkNames('empiricalNtk', options, {
    ...derivativeOptions,
    ...{ outputs: 1, implementation: 1, memory: 1, precision: 1, signal: 1, onProgress: 1 },
  });
  const { outputs = 'full', memory = 2 ** 30, precision = 'single', signal, onProgress, ...others } = options;
  const { implementation: how, ...derivative } = others;
  const axes = lookUp('outputs', axesOf, outputs);
  lookUp('implementation', { layers: 1, rows: 1 }, how ?? 'layers');
  lookUp('precision', { single: 1, double: 1 }, precision);
  const settled = settleDerivative(network, params, xs, derivative);
  if (ys) checkImages(network, ys);
  const isJoined = settled.batchNorm === 'training' && network.nodes.some(({ op }) => op === 'batchNorm');
  if (isJoined && how === 'layers')
    throw invalid(
      'implementation',
      'layers takes images one by one, which batchNorm training joins; use rows',
      how,
    );
  const implementation = how ?? (isJoined ? 'rows' : 'layers');
  const sizes = featureSizes(network, settled, outputs, implementation);
  const make =
    implementation === 'rows'
      ? rowFeatures(network, params, settled, precision)
      : layerFeatures(network, params, settled, sizes, precision);
  const images = ys ? [xs.shape[0], ys.shape[0]] : [xs.shape[0]];
  const plan = planBlocks(network, Object.values(sizes), {
    memory: memorySize('memory', memory),
    ...{ outputs, precision, images },
  });
  const counts = [images[0], images[images.length - 1]] as const;
  const extents: Readonly<Record<string, number>> = { x: counts[0], y: counts[1] };
  const shape = axes.map((axis) => extents[axis] ?? network.classes);
  const values = new Float64Array(product(shape));
  const place = blockPlacer(values, outputs, network.classes, counts, !ys);
  const multiply = contraction(network, outputs, precision);
  const rows = featureStore(make, xs, plan);
  const columns = ys ? featureStore(make, ys, plan) : rows;
  const total = ys ? rows.count * columns.count : (rows.count * (rows.count + 1)) / 2;
  let done = 0;
  try {
    await interruptible(async (raised) => {
      for (let i = 0; i < rows.count; i++) {
        const x = rows.take(i);
        for (let j = 0; j < (ys ? columns.count : i + 1); j++) {
          raised.throwIfAborted();
          const y = ys || j < i ? columns.take(j) : x;
          const block = multiply({ x, y });
          const numbers = precision === 'double' ? readDoubles(block) : (block.dataSync() as Float32Array);
          place({ numbers, x: rows.range(i), y: columns.range(j) });
          block.dispose();
          if (y !== x) columns.release(y);
          done++;
          onProgress?.({ done, total, message: 'tangent kernel' });
          await breathe();
        }
        rows.release(x);
      }
    }, signal);
  } finally {
    rows.dispose();
    columns.dispose();
  }
  return { values, shape, axes };
}

/** Features by block, made when they are asked for and held where there is memory for all. */
function featureStore(make: FeatureMaker, images: tf.Tensor, { size, isHeld }: BlockPlan) {
  const made = new Map<number, Features>();
  const [total] = images.shape;
  const range = (i: number) => [i * size, Math.min((i + 1) * size, total)] as const;
  return {
    count: Math.ceil(total / size),
    range,
    take(i: number): Features {
      const features = made.get(i) ?? make(images, ...range(i));
      made.set(i, features);
      return features;
    },
    release(features: Features): void {
      if (isHeld) return;
      for (const [i, known] of made) if (known === features) made.delete(i);
      tf.dispose(features as object as tf.TensorContainer);
    },
    dispose(): void {
      tf.dispose([...made.values()] as object as tf.TensorContainer);
      made.clear();
    },
  };
}
