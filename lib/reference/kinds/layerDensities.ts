import { invalid } from '../../base';
import { type LayerRatio, type LayerSize, type LayerSpread, layerRatios } from '../../prune';
import { exactCounts } from '../../prune/masks/exactCounts';
import { type Comparison, relativeError, relativeErrorOf } from '../comparison';
import { type Fields, fieldsOf, isFields, isNumbers } from '../jsonFields';
import type { Kind } from './kind';
import { entries } from './px/findings';

const RATIOS: Readonly<Record<string, LayerRatio>> = {
  uniform: layerRatios.uniform,
  er: layerRatios.er,
  erk: layerRatios.erk,
  erk_dense_last: layerRatios['erk-plus'],
  smart_ratio: layerRatios['smart-ratio'],
};

/** Kind `layer-densities`: what each layer of several networks keeps by several rules, at several densities. */
export const layerDensities: Kind = async function* ({ fields }) {
  for (const [name, net] of Object.entries(fieldsOf('file', fields).object('nets'))) {
    if (!isFields(net)) throw invalid('reference file', `nets.${name} must be an object`, typeof net);
    const { objects } = fieldsOf(`nets.${name}`, net);
    const layers = objects('layers');
    const sizes = layers.map(sizeOf);
    // Residual networks are told by their name, or by those of blocks and shortcuts among their layers.
    const isResidual = [name, ...layers.map((layer) => layer.name)].some((text) =>
      /res|wrn|block|shortcut|downsample/i.test(String(text)),
    );
    yield entries(`nets.${name}.layers`, sizes.length, layers.filter(isCounted).length);
    yield entries(`nets.${name}.total`, net.total, sum(sizes.map(({ size }) => size)));
    for (const one of objects('densities'))
      yield* atDensity(`nets.${name}.densities.`, one, sizes, isResidual);
  }
};

function* atDensity(
  prefix: string,
  expected: Fields,
  layers: readonly LayerSize[],
  isResidual: boolean,
): Generator<Comparison> {
  const { number, object } = fieldsOf('densities', expected);
  const density = number('density');
  const sizes = layers.map(({ size }) => size);
  const total = Math.round(density * sum(sizes));
  yield entries(`${prefix}${density}.kept_total`, expected.kept_total, total);
  for (const [name, found] of Object.entries(object('methods'))) {
    if (!Object.hasOwn(RATIOS, name)) throw invalid('reference file', 'densities of an unknown rule', name);
    const spread = RATIOS[name](layers, density, isResidual);
    const counts = exactCounts(spread, sizes, total);
    const published = exactCounts(
      layerRatios['smart-ratio/as-published'](layers, density, isResidual),
      sizes,
      0,
    );
    yield* compareSpread(`${prefix}${density}.${name}.`, found as Fields, spread, counts, published);
  }
}

function* compareSpread(
  prefix: string,
  expected: Fields,
  { densities, epsilon, dense, goal, excess }: LayerSpread,
  counts: readonly number[],
  published: readonly number[],
): Generator<Comparison> {
  const relative = (name: string, error: number): Comparison => ({
    quantity: prefix + name,
    error,
    tolerance: 1e-12,
    measure: 'relative',
  });
  yield relative('densities', relativeError(densities, expected.densities));
  yield entries(`${prefix}kept`, 0, differing(counts, expected.kept));
  if (expected.epsilon !== undefined)
    yield relative('epsilon', relativeErrorOf(epsilon ?? Number.NaN, expected.epsilon));
  if (expected.dense_layers !== undefined)
    yield entries(`${prefix}dense_layers`, 0, differing(dense ?? [], expected.dense_layers));
  if (expected.goal !== undefined) yield entries(`${prefix}goal`, expected.goal, goal ?? Number.NaN);
  if (expected.kept_published_code !== undefined)
    yield entries(`${prefix}kept_published_code`, 0, differing(published, expected.kept_published_code));
  if (expected.overflow_left !== undefined)
    yield entries(`${prefix}overflow_left`, expected.overflow_left, excess ?? Number.NaN);
}

function differing(found: readonly number[], expected: unknown): number {
  if (!isNumbers(expected) || expected.length !== found.length) return Number.POSITIVE_INFINITY;
  return found.filter((value, i) => value !== expected[i]).length;
}

/** From a shape of PyTorch: `[out, in]` or `[out, in, height, width]`. */
function sizeOf(layer: Fields): LayerSize {
  const [outputs, inputs, ...window] = fieldsOf('layers', layer).numbers('shape');
  return { inputs, outputs, window, size: outputs * inputs * window.reduce((a, b) => a * b, 1) };
}

function isCounted(layer: Fields): boolean {
  return layer.weights === sizeOf(layer).size;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
