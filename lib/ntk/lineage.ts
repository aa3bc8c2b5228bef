import { maxIndex } from 'd3-array';
import { checkNames, invalid } from '../base';
import {
  checkFinite,
  checkMask,
  checkNetwork,
  checkParams,
  forward,
  type Mask,
  type Network,
  networkUpTo,
  type Params,
  parameterShapes,
  tangent,
} from '../network';
import { compiled, compiledFor, readDoubles, type TensorRecord, tf } from '../tensor';
import { checkImages, masked } from './derivative';
import {
  type FeaturePair,
  featureSimilarity,
  type LineageMeasure,
  lineageMeasures,
  reportedSimilarity,
} from './featureSimilarity';
import { rowsAt } from './rowsAt';

/** A network that may be parent or child of others. Heads may differ: nothing behind the features is looked at. */
export interface LineageModel {
  network: Network;
  params: Params;
  /** Which weights are kept; all by default. */
  mask?: Mask;
}

export interface LineageOptions {
  /** Id of the node whose values are the features; by default what the last layer with weights reads. */
  at?: string;
  /** Which share α of the step from parent to child the parent's features are moved by, to first order; 0.01 by default. */
  alpha?: number;
  /** Images at once, which bounds memory; 64 by default. */
  batch?: number;
}

export type Lineage = {
  readonly [M in LineageMeasure]: {
    /** [children][parents], larger is more alike; of `L2` and `L4` minus the root of the size. */
    readonly similarity: number[][];
    /** Of each child the place of the most similar parent, the first of equal ones; −1 where no similarity is defined. */
    readonly found: number[];
  };
};

/**
 * Which of some networks each of others was made from, by training or pruning: features on images are compared, after those of a
 * possible parent have been moved a little towards the child's parameters (Yu & Wang 2024, arXiv 2406.11129, without learning).
 * A pass with tangents for each pair, no Jacobian; in double precision.
 *
 * With α = ½ what is left of `L2` and `L4` can be cut to 0 for several parents, of which the first is then found: so is the method.
 * Batch norm keeps its own running statistics in each. No measure is one of the function: a rescaling of hidden units
 * (`nets.rescale`) changes them all.
 *
 * @param parents two or more
 * @param xs `[images, ...network.input]`
 * @throws `invalid parents; …` for fewer than two, `invalid children; …` for none, `invalid alpha; …`, `invalid batch; …`, and
 *   naming the model where features or the parameters in front of them differ
 */
export function lineage(
  parents: readonly LineageModel[],
  children: readonly LineageModel[],
  xs: tf.Tensor,
  options: LineageOptions = {},
): Lineage {
  checkNames('lineage', options, { at: 1, alpha: 1, batch: 1 });
  const { alpha = 0.01 } = options;
  if (!(0 <= alpha && alpha < Number.POSITIVE_INFINITY))
    throw invalid('alpha', 'not a finite number from 0 on', alpha);
  const pairs = featurePairs(parents, children, xs, options);
  const one = (measure: LineageMeasure) => {
    const similarity = pairs.map((row) =>
      row.map((pair) => reportedSimilarity(measure, featureSimilarity(measure, pair, alpha))),
    );
    return { similarity, found: similarity.map((row) => maxIndex(row)) };
  };
  return Object.fromEntries(lineageMeasures.map((measure) => [measure, one(measure)])) as Lineage;
}

/** What {@link lineage} compares: [children][parents]. */
export function featurePairs(
  parents: readonly LineageModel[],
  children: readonly LineageModel[],
  xs: tf.Tensor,
  { at, batch = 64 }: Pick<LineageOptions, 'at' | 'batch'> = {},
): FeaturePair[][] {
  if (!(parents?.length >= 2)) throw invalid('parents', 'not at least 2 to choose from', parents?.length);
  if (!(children?.length >= 1)) throw invalid('children', 'none to find a parent of', children?.length);
  if (!(Number.isInteger(batch) && batch > 0)) throw invalid('batch', 'not a positive whole number', batch);
  const parts = parents.map((model) => featuresOf(model, at));
  const [first] = parts;
  checkImages(first, xs);
  const childParts = children.map((model) => featuresOf(model, at));
  for (const [name, list] of Object.entries({ parent: parts, child: childParts }))
    for (const [i, part] of list.entries()) checkAlike(`${name} ${i}`, part, first);
  const [from, to] = [parents, children].map((models, k) =>
    models.map((model, i) => weightsOf(`${['parent', 'child'][k]} ${i}`, first, model)),
  );
  const run = compiledFor(parents[0].network, ['lineage', first.name], () =>
    compiled(bothFeatures(first), { precision: 'double' }),
  );
  return to.map((child) => from.map((parent) => pairOf(run, first.classes, { parent, child, x: xs }, batch)));
}

/** The network that ends in the features. */
function featuresOf({ network }: LineageModel, at?: string): Network {
  checkNetwork(network);
  const last = network.parameters.filter(({ role }) => role === 'kernel').at(-1);
  const head = network.nodes.find(({ id }) => id === last?.layer);
  if (!head) throw invalid('network', 'has no layer with weights', network.name);
  return networkUpTo(network, at ?? head.inputs[0]);
}

function checkAlike(name: string, part: Network, first: Network): void {
  if (part.input.join() !== first.input.join())
    throw invalid(
      name,
      `reads images of another shape than parent 0, [${first.input.join(', ')}]`,
      part.input,
    );
  if (part.classes !== first.classes)
    throw invalid(name, `not as many features as parent 0, ${first.classes}`, part.classes);
  const [shapes, expected] = [part, first].map(parameterShapes);
  for (const parameter of new Set([...Object.keys(expected), ...Object.keys(shapes)]))
    if (String(shapes[parameter]) !== String(expected[parameter]))
      throw invalid(name, 'not the parameters of parent 0 in front of the features, first', parameter);
}

/** Those parameters that the features are made of, and their part of the mask. */
function weightsOf(name: string, features: Network, { network, params, mask = {} }: LineageModel): Weights {
  checkParams(network, params, `params of ${name}`);
  checkFinite(network, params);
  if (Object.keys(mask).length > 0) checkMask(network, mask);
  const own = (record: TensorRecord) =>
    Object.fromEntries(
      features.parameters.flatMap((spec) =>
        Object.hasOwn(record, spec.name) ? [[spec.name, record[spec.name]]] : [],
      ),
    );
  return { params: own(params), mask: own(mask) };
}

type Weights = { params: Params; mask: TensorRecord };

type Run = (inputs: PairInputs) => { parent: tf.Tensor; child: tf.Tensor; moved: tf.Tensor };

function pairOf(run: Run, width: number, inputs: Omit<PairInputs, 'at'>, batch: number): FeaturePair {
  const [images] = inputs.x.shape;
  const entries = () => new Float64Array(images * width);
  const pair = { parent: entries(), child: entries(), moved: entries(), width };
  for (let from = 0; from < images; from += batch) {
    const at = tf.range(from, Math.min(from + batch, images), 1, 'int32');
    const found = run({ ...inputs, at });
    for (const name of ['parent', 'child', 'moved'] as const)
      pair[name].set(readDoubles(found[name]), from * width);
    tf.dispose([at, found]);
  }
  return pair;
}

type PairInputs = {
  parent: Weights;
  child: Weights;
  x: tf.Tensor;
  /** Places of the images that are looked at, int32. */
  at: tf.Tensor1D;
};

const bothFeatures =
  (features: Network) =>
  ({ parent, child, x, at }: PairInputs) => {
    const images = rowsAt(x, at);
    const [from, to] = [parent, child].map(({ params, mask }) => masked(params, mask));
    const moving = features.parameters.filter(({ role }) => role !== 'mean' && role !== 'variance');
    const steps = Object.fromEntries(moving.map(({ name }) => [name, to[name].sub(from[name])]));
    const { outputs, tangent: moved } = tangent(features, from, steps, images);
    return { parent: outputs, child: forward(features, to, images), moved };
  };
