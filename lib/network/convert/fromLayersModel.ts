import { checkNames, invalid } from '../../base';
import { mapRecord, type tf } from '../../tensor';
import { graphBuilder } from '../builder';
import type { Network, Shape } from '../graph';
import type { Params } from '../params';
import { layerReaders } from './layerReaders';
import { expectOption, type LayerSource, type Strippable, unsupported, type Value } from './layerSource';

export interface FromLayersOptions {
  /** What may be left out: `Softmax` at the end, `Dropout`; nothing by default. */
  strip?: readonly Strippable[];
}

/**
 * The network and the parameters of a tfjs LayersModel, sequential or functional; the layers' names become ids.
 *
 * Read are Dense, Conv2D, DepthwiseConv2D, SeparableConv2D, BatchNormalization, ReLU, LeakyReLU, PReLU, Activation (relu, linear), MaxPooling2D,
 * AveragePooling2D, GlobalAveragePooling2D, Flatten, Dropout, Add, Concatenate, and ZeroPadding2D where a convolution reads
 * it; a DepthwiseConv2D of one weight a channel is a channelScale, a SeparableConv2D the two convolutions `NAME/depthwise` and
 * `NAME/pointwise`. Initialisers, regularisers and constraints do not come over.
 *
 * @returns `params` are copies with a life of their own
 * @throws `invalid CLASS LAYER; RULE: VALUE` naming a layer or option that has no counterpart here
 */
export function fromLayersModel(
  model: tf.LayersModel,
  options: FromLayersOptions = {},
): { network: Network; params: Params } {
  checkNames('fromLayersModel', options, { strip: 1 });
  const { strip = [] } = options;
  if (typeof model?.getLayer !== 'function')
    throw invalid(
      'model',
      'no LayersModel of tfjs; nets.loadLayersModel reads the file of one, also of Keras',
      model,
    );
  if (model.inputs.length !== 1 || model.outputs.length !== 1)
    throw invalid('model', `${model.name} needs one input and one output, has`, [
      model.inputs.length,
      model.outputs.length,
    ]);
  const [input] = model.inputs;
  const [output] = model.outputs;
  const g = graphBuilder(sampleShape(input));
  const values = new Map<tf.SymbolicTensor, Value>([[input, { id: g.input }]]);
  const copies: Record<string, () => tf.Tensor> = {};
  for (const layer of layersBefore(output, new Set([input.sourceLayer]))) {
    const { inputTensors, outputTensors } = onlyUse(layer);
    const source: LayerSource = {
      kind: layer.getClassName(),
      name: layer.name,
      config: layer.getConfig(),
      input: sampleShape(inputTensors[0]),
      weights: layer.getWeights(),
      last: outputTensors[0] === output,
      strip,
    };
    if (!Object.hasOwn(layerReaders, source.kind)) throw unsupported(source, 'this layer', source.kind);
    expectOption(source, 'dataFormat', 'channelsLast');
    const inputs = inputTensors.map((tensor) => inputValue(tensor, values, source));
    values.set(outputTensors[0], layerReaders[source.kind](g, source, inputs, copies));
  }
  const network = g.build(model.name);
  if (values.get(output)?.id !== network.nodes[network.nodes.length - 1].id)
    throw invalid('model', 'its output must be that of its last layer', output.name);
  return { network, params: mapRecord(copies, (copy) => copy()) };
}

/** Shape of one sample of a symbolic tensor. */
function sampleShape({ name, shape: [, ...extents] }: tf.SymbolicTensor): Shape {
  return extents.map((extent) => {
    if (extent === null)
      throw invalid('model', `every extent of ${name} but the batch must be fixed`, extents);
    return extent;
  });
}

/**
 * The layers that lead to `tensor`, inputs before what reads them and a sum's first branch whole before its second: the
 * order in which networks are written here, where `model.layers` takes turns between branches.
 */
function layersBefore(
  { sourceLayer: layer }: tf.SymbolicTensor,
  seen: Set<tf.layers.Layer>,
): tf.layers.Layer[] {
  if (seen.has(layer)) return [];
  seen.add(layer);
  return [...onlyUse(layer).inputTensors.flatMap((input) => layersBefore(input, seen)), layer];
}

function onlyUse(layer: tf.layers.Layer): tf.layers.Layer['inboundNodes'][number] {
  if (layer.inboundNodes.length !== 1)
    throw invalid(
      `${layer.getClassName()} ${layer.name}`,
      'a layer used more than once is not supported',
      layer.inboundNodes.length,
    );
  return layer.inboundNodes[0];
}

function inputValue(
  tensor: tf.SymbolicTensor,
  values: ReadonlyMap<tf.SymbolicTensor, Value>,
  source: LayerSource,
): Value {
  const value = values.get(tensor);
  if (value === undefined) throw unsupported(source, 'an input from another model', tensor.name);
  if (value.padding !== undefined && !readsPadding.includes(source.kind))
    throw unsupported(source, 'reading a ZeroPadding2D', tensor.sourceLayer.name);
  return value;
}

/** Classes of layers that a ZeroPadding2D can be part of. */
const readsPadding: readonly string[] = ['Conv2D', 'DepthwiseConv2D', 'SeparableConv2D', 'ZeroPadding2D'];
