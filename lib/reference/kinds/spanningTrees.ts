import type { Network, Params } from '../../network';
import { countPaths, effective, l1PathNorm, pathGradient } from '../../path';
import {
  componentsAt,
  type Forest,
  type ForestEdge,
  forestMask,
  layerForests,
  type NetworkEdge,
  networkForest,
  persistence,
  spanningForest,
} from '../../prune';
import { tf } from '../../tensor';
import { type Comparison, relativeError } from '../comparison';
import { type Fields, fieldsOf, isFields } from '../jsonFields';
import { buildSubject, disposeSubject, type Subject } from '../subject';
import type { Kind } from './kind';

/** Of double precision throughout. */
const TOLERANCE = 1e-12;

/** Maximum spanning forests of layers and of networks, with what hangs together at each weight. */
export const spanningTrees: Kind = async function* compare(file) {
  const cases = fieldsOf('file', file.fields).object('cases');
  const caseOf = fieldsOf('cases', cases).object;
  const dense = caseOf('dense');
  yield* ofDense('cases.dense.', dense, dense);
  yield* ofDense('cases.dense_masked.', caseOf('dense_masked'), dense);
  yield* ofConvolution('cases.conv.', caseOf('conv'));
  yield* ofNetwork('cases.mlp.', caseOf('mlp'), file.name, file.folder);
  yield* ofLargeNetwork('cases.large_mlp.', caseOf('large_mlp'), file.name, file.folder);
};

/** A dense layer, its weights and mask `[out, in]`. */
function* ofDense(prefix: string, fields: Fields, layer: Fields): Generator<Comparison> {
  const [outputs, inputs] = fieldsOf(prefix, layer).numbers('shape');
  const listed = fieldsOf(prefix, layer).numbers('weights');
  const text = fields.mask === undefined ? undefined : fieldsOf(prefix, fields).text('mask');
  const bits = text ? [...text].map(Number) : listed.map(() => 1);
  const [weights, mask] = tf.tidy(() =>
    [listed, bits].map((values) => tf.tensor2d(values, [outputs, inputs]).transpose()),
  );
  const forest = spanningForest(weights, { mask });
  tf.dispose([weights, mask]);
  const sizes = listed.map(Math.abs);
  const largest = Math.max(...sizes);
  const maxima = {
    layer_maximum: largest,
    layer_maximum_of_all_weights: largest,
    layer_maximum_of_kept_weights: Math.max(...sizes.filter((_, i) => bits[i] === 1)),
  };
  const edges = bits.reduce((sum, bit) => sum + bit, 0);
  yield* compareForest(prefix, fields, forest, { edges, maxima, place: outAndIn });
}

/** A convolution, its weights `[out, in, height, width]`, by either norm. */
function* ofConvolution(prefix: string, fields: Fields): Generator<Comparison> {
  const [outputs, inputs, height, width] = fieldsOf(prefix, fields).numbers('shape');
  const listed = fieldsOf(prefix, fields).numbers('weights');
  const weights = tf.tidy(() =>
    tf.tensor4d(listed, [outputs, inputs, height, width]).transpose([2, 3, 1, 0]),
  );
  for (const [field, norm] of [
    ['channels_max', 'max'],
    ['channels_l2', 'l2'],
  ] as const) {
    const own = fieldsOf(prefix, fields).object(field);
    const forest = spanningForest(weights, { norm });
    const maxima = { largest_edge: forest.edges[0].weight };
    const edges = outputs * inputs;
    yield* compareForest(`${prefix}${field}.`, own, forest, { edges, maxima, place: outAndIn });
    const taps = forest.edges.map(({ index }) => Math.floor(index / (outputs * inputs)));
    if (own.kept_kernel_element !== undefined)
      yield same(`${prefix}${field}.kept_kernel_element`, taps, own.kept_kernel_element);
  }
  weights.dispose();
}

/** A network of dense layers, by magnitude and by path mass, whole and layer by layer. */
async function* ofNetwork(
  prefix: string,
  fields: Fields,
  name: string,
  folder: string,
): AsyncGenerator<Comparison> {
  const subject = buildSubject({ name, folder, fields });
  const { network, params, prunable } = subject;
  try {
    const mass = pathGradient(network, params, 1, { weight: 1 });
    const known = fieldsOf(prefix, fields);
    const masses = known.object('path_mass');
    for (const layer of prunable)
      yield numbers(
        `${prefix}path_mass.${layer}`,
        inRows(subject, layer, mass.gradients[layer]),
        masses[layer],
      );
    yield numbers(`${prefix}total_path_mass`, [mass.norm.value], [fields.total_path_mass]);
    const total = prunable.reduce((sum, layer) => sum + params[layer].size, 0);
    for (const [field, by] of [
      ['magnitude', 'magnitude'],
      ['path_mass', 'path-mass'],
    ] as const) {
      const whole = networkForest(network, params, { by });
      const parts = layerForests(network, params, { by });
      const network_maximum = whole.edges[0].weight;
      const path = `${prefix}whole_graph_${field}.`;
      const own = known.object(`whole_graph_${field}`);
      const place = (edge: NetworkEdge) => [prunable.indexOf(edge.name), ...outAndIn(edge)];
      yield* compareForest(path, own, whole, { edges: total, maxima: { network_maximum }, place });
      yield* compareKept(path, own, network, params, whole);
      const listed = known.objects(`per_layer_${field}`);
      for (const [i, layer] of prunable.entries()) {
        const maxima = { network_maximum, layer_maximum: parts[layer].edges[0].weight };
        const settings = { edges: params[layer].size, maxima, place: outAndIn };
        for (const one of compareForest('', listed[i], parts[layer], settings))
          yield { ...one, quantity: `${prefix}per_layer_${field}` };
      }
      const union = `per_layer_union_${field}`;
      yield* compareKept(`${prefix}${union}.`, known.object(union), network, params, parts);
    }
  } finally {
    disposeSubject(subject);
  }
}

/** What is left of paths where a forest alone is kept. */
function* compareKept(
  prefix: string,
  fields: Fields,
  network: Network,
  params: Params,
  forest: Forest<NetworkEdge> | Readonly<Record<string, Forest>>,
): Generator<Comparison> {
  const mask = forestMask(network, forest);
  const live = effective(network, mask);
  const count = (of: typeof mask) =>
    Object.values(of).reduce((sum, bits) => sum + bits.sum().dataSync()[0], 0);
  const found = tf.tidy(() => ({
    kept: count(mask),
    path_mass_left: l1PathNorm(network, params, { mask }).value,
    complete_paths_left: Number(countPaths(network, { mask }).count),
    kept_weights_on_a_complete_path: count(live.mask),
  }));
  tf.dispose([mask, live.mask]);
  for (const [field, value] of Object.entries(found))
    if (fields[field] !== undefined) yield numbers(`${prefix}${field}`, [value], [fields[field]]);
}

/** A large network of dense layers made by a formula. */
async function* ofLargeNetwork(
  prefix: string,
  fields: Fields,
  name: string,
  folder: string,
): AsyncGenerator<Comparison> {
  const sizes = fieldsOf(prefix, fields).numbers('sizes');
  const layers = sizes.slice(1).map((units, i) => ({ weight: `fc${i}.weight`, shape: [units, sizes[i]] }));
  const subject = buildSubject({
    ...{ name, folder },
    fields: {
      ...{ formula: fields.formula, weight_seed: fields.weight_seed },
      network: [
        { id: 'x', op: 'input', input: [], shape: [sizes[0]] },
        ...layers.map(({ weight }, i) => ({
          id: `${i}`,
          op: 'dense',
          input: [i === 0 ? 'x' : `${i - 1}`],
          weight,
        })),
      ],
      params: layers.map(({ weight, shape }, k) => ({ k, name: weight, shape, kind: 'weight' })),
    },
  });
  const { network, params, listed, prunable } = subject;
  try {
    const [whole, parts] = [networkForest(network, params), layerForests(network, params)];
    const largest = whole.edges[0].weight;
    const first = listed.map(({ values }) => [...values.slice(0, 5)]);
    yield numbers(`${prefix}first5_of_each`, first.flat(), (fields.first5_of_each as number[][]).flat());
    const summary = ({ nodes, edges, ...forest }: Forest) => ({
      ...{ nodes, forest_edges: edges.length },
      total_weight: totalOf({ nodes, edges, ...forest }),
      smallest_forest_weight: edges[edges.length - 1].weight,
    });
    const found = prunable.map((layer) => {
      const { total, norm } = persistence(parts[layer], { largest });
      const own = { total_persistence: total, neural_persistence_p2: norm, weights: params[layer].size };
      return { ...summary(parts[layer]), ...own };
    });
    const known = fieldsOf(prefix, fields);
    for (const [i, layer] of known.objects('per_layer').entries())
      for (const one of compareAll('', found[i], layer)) yield { ...one, quantity: `${prefix}per_layer` };
    const edges = found.reduce((sum, { forest_edges }) => sum + forest_edges, 0);
    const weights = prunable.reduce((sum, layer) => sum + params[layer].size, 0);
    const all = { weights, per_layer_edges_total: edges, network_maximum: largest };
    for (const [field, value] of Object.entries(all))
      yield numbers(`${prefix}${field}`, [value], [fields[field]]);
    const inEach = prunable.map((layer) => whole.edges.filter((edge) => edge.name === layer).length);
    const graph = known.object('whole_graph');
    yield* compareAll(`${prefix}whole_graph.`, summary(whole), graph);
    yield same(`${prefix}whole_graph.forest_edges_in_each_layer`, inEach, graph.forest_edges_in_each_layer);
  } finally {
    disposeSubject(subject);
  }
}

interface Settings<E extends ForestEdge> {
  /** Of the whole graph. */
  edges: number;
  /** What weights are divided by, by name. */
  maxima: Readonly<Record<string, number>>;
  /** How the file lists an edge. */
  place: (edge: E) => readonly number[];
}

function* compareForest<E extends ForestEdge>(
  prefix: string,
  fields: Fields,
  forest: Forest<E>,
  { edges, maxima, place }: Settings<E>,
): Generator<Comparison> {
  const { nodes, components } = forest;
  const { numbers: list, object } = fieldsOf(prefix, fields);
  yield* compareAll(
    prefix,
    { nodes, edges, components, forest_edges: forest.edges.length, total_weight: totalOf(forest) },
    fields,
  );
  yield same(`${prefix}forest`, forest.edges.map(place), fields.forest);
  const weights = forest.edges.map(({ weight }) => weight);
  yield numbers(`${prefix}forest_weights`, weights, fields.forest_weights);
  const thresholds = list('thresholds');
  yield same(
    `${prefix}components_at_threshold`,
    componentsAt(forest, thresholds),
    fields.components_at_threshold,
  );
  for (const [name, known] of Object.entries(object('persistence'))) {
    if (!isFields(known) || maxima[name] === undefined) continue;
    const { total, norm, normalised } = persistence(forest, { largest: maxima[name] });
    const found = {
      normaliser: maxima[name],
      total_persistence: total,
      neural_persistence_p2: norm,
      neural_persistence_p2_normalised: normalised,
    };
    yield* compareAll(`${prefix}persistence.${name}.`, found, known);
  }
}

function totalOf({ edges }: Forest): number {
  return edges.reduce((sum, { weight }) => sum + weight, 0);
}

const outAndIn = ({ output, input }: ForestEdge) => [output, input];

/** Numbers of a dense layer, ours `[in, out]`, row by row of the outputs. */
function inRows({ network }: Subject, name: string, values: Float64Array): number[] {
  const { shape = [] } = network.parameters.find((spec) => spec.name === name) ?? {};
  const [inputs, outputs] = shape;
  return Array.from(values, (_, i) => values[(i % inputs) * outputs + Math.floor(i / inputs)]);
}

function* compareAll(
  prefix: string,
  found: Readonly<Record<string, number>>,
  fields: Fields,
): Generator<Comparison> {
  for (const [field, value] of Object.entries(found))
    yield numbers(`${prefix}${field}`, [value], [fields[field]]);
}

function numbers(quantity: string, found: number[], expected: unknown): Comparison {
  return { quantity, error: relativeError(found, expected), tolerance: TOLERANCE, measure: 'relative' };
}

function same(quantity: string, found: unknown, expected: unknown): Comparison {
  const error = Number(JSON.stringify(found) !== JSON.stringify(expected));
  return { quantity, error, tolerance: 0, measure: 'entries' };
}
