import { invalid } from '../../base';
import { tf } from '../../tensor';
import { activation, copyKernelAndBias, type LayerReader } from '../convert/layerSource';
import type { NodeOf, Shape } from '../graph';
import { biasSpec, bilinear, type LayerOptions, layerWeights, mixedChannels, namesOf } from './bilinear';
import { isPositiveWhole } from './checks';
import type { Op, TensorLayout } from './op';
import { through, vectorLayout } from './plain';

/** y = x W + b, with W `[in, units]`. */
export interface DenseNode extends NodeOf<'dense'> {
  readonly units: number;
  /** Name of the kernel parameter. */
  readonly kernel: string;
  /** Name of the bias parameter; no bias where absent. */
  readonly bias?: string;
}

export interface DenseOptions extends LayerOptions {
  units: number;
  /** Whether it adds a bias; `true` by default. */
  bias?: boolean;
}

const read: LayerReader = (g, source, [{ id: x }], params) => {
  const { units, useBias } = source.config as { units: number; useBias: boolean };
  const id = g.dense(source.name, x, { units, bias: useBias });
  copyKernelAndBias(source, params);
  return activation(g, source, id);
};

export const dense: Op<DenseNode, [x: string, options: DenseOptions]> = {
  ...bilinear(
    (_, x, kernel) => tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D), // [batch, units]
    (_, x, cotangents) => ({ read: x.expandDims(1), cotangents: cotangents.expandDims(2) }), // in one place
  ),
  node: (id, x, { units, bias = true }) => ({ id, op: 'dense', inputs: [x], units, ...namesOf(id, bias) }),
  shape({ id, units }, [x]) {
    if (!isPositiveWhole(units))
      throw invalid('network', `units of ${id} not a positive whole number`, units);
    if (x.length !== 1) throw invalid('network', `dense ${id} needs a vector, flatten first`, x);
    return [units];
  },
  parameters: ({ kernel, bias, units }, [[inputs]]) => [
    { name: kernel, shape: [inputs, units], role: 'kernel', fanIn: inputs },
    ...biasSpec(bias, units),
  ],
  edges({ units }, { inputs: [[inputs]] }, visit, { kept, channels = units }) {
    for (let from = 0; from < inputs; from++)
      for (let to = 0; to < Math.min(units, channels); to++) {
        const weight = from * units + to;
        if (kept === undefined || kept[weight] !== 0) visit(from, to, weight);
      }
  },
  uses: () => [1],
  channels: {
    ...mixedChannels,
    narrow: (node, { output }) => ({ ...node, units: output.length }),
  },
  pytorch: {
    options: ({ weight: [units] = [], bias }) => ({ units, bias: bias !== undefined }),
    layouts: (shapes, { kernel, bias }, map) => ({
      [kernel]: kernelLayout(shapes[kernel], map),
      ...(bias !== undefined && { [bias]: vectorLayout(shapes[bias]) }),
    }),
    flattened: () => undefined,
  },
  layersModel: {
    write: ({ id, units, bias }, inputs) =>
      through(
        tf.layers.dense({ name: id, units, useBias: bias !== undefined, kernelInitializer: 'zeros' }),
        inputs,
      ),
    weights: layerWeights,
    readers: { Dense: read },
  },
};

function kernelLayout([inputs, units]: Shape, map?: Shape): TensorLayout {
  if (map === undefined) return { split: [inputs, units], order: [1, 0], shape: [units, inputs] };
  return { split: [...map, units], order: [3, 2, 0, 1], shape: [units, inputs] };
}
