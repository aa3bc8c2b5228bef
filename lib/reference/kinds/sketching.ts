import { invalid } from '../../base';
import {
  columnNorms,
  drawCounts,
  expectedMaskErrors,
  gumbelKey,
  inclusionProbabilities,
  type LinearModel,
  optimalProbabilities,
  rescaledWeights,
  samplingProbabilities,
  sketchError,
  squaredError,
} from '../../prune';
import { type Comparison, relativeError, relativeErrorOf } from '../comparison';
import { type Fields, fieldsOf, isFields } from '../jsonFields';
import type { ReferenceFile } from '../readReferenceFile';
import type { Kind } from './kind';

/** Of double precision throughout, with sums of terms that cancel. */
const TOLERANCE = 1e-10;

/** Kind `sketching`: a linear model whose weights are drawn by several probabilities, its errors and its masks. */
export const sketching: Kind = Object.assign(compareSketches, {
  given: ['X', 'X_shape', 'weights', 'weights_after', 'uniforms', 'draw_uniforms'],
});

async function* compareSketches({ fields }: ReferenceFile): AsyncGenerator<Comparison> {
  const file = fieldsOf('file', fields);
  const numbers = file.numbers('X');
  const [samples, coordinates] = file.numbers('X_shape');
  if (numbers.length !== samples * coordinates)
    throw invalid('reference file', 'X does not have the shape X_shape', numbers.length);
  const x = Array.from({ length: samples }, (_, n) => numbers.slice(n * coordinates, (n + 1) * coordinates));
  const weights = file.numbers('weights');
  const model: LinearModel = { x, weights };
  const after: LinearModel = { x, weights: file.numbers('weights_after') };
  const probabilities: Readonly<Record<string, Float64Array>> = {
    optimal: optimalProbabilities(model),
    uniform: samplingProbabilities(weights.map(() => 1)),
    magnitude: samplingProbabilities(weights.map(Math.abs)),
  };
  yield relative('column_norms', relativeError(columnNorms(x), fields.column_norms));
  yield* agreed(file.object('p'), probabilities, 'p.');
  for (const expected of file.objects('errors')) {
    const { p, name, draws } = drawnBy(probabilities, expected);
    const found = { same_weights: sketchError(model, p, draws), other_weights: sketchError(after, p, draws) };
    yield* agreed(expected, found, `errors.${name}.${draws}.`);
  }
  for (const expected of file.objects('inclusion')) {
    const { p, name, draws } = drawnBy(probabilities, expected);
    const independent = inclusionProbabilities(p, draws, { replacement: true });
    const errors = expectedMaskErrors(model, p, draws);
    const found = {
      with_replacement: independent,
      expected_distinct_with_replacement: independent.reduce((sum, one) => sum + one, 0),
      without_replacement: inclusionProbabilities(p, draws),
      expected_error_mask_without_replacement: errors.mask,
      expected_error_rescaled_without_replacement: errors.rescaled,
    };
    yield* agreed(expected, found, `inclusion.${name}.${draws}.`);
  }
  yield* checkGumbel(fields, model);
  yield* checkDraws(fields, model, probabilities);
}

/** Masks of the highest keys, made of the numbers that the file has drawn. */
function* checkGumbel(fields: Fields, model: LinearModel): Generator<Comparison> {
  const file = fieldsOf('file', fields);
  const uniforms = file.numbers('uniforms');
  const sizes = Array.from(model.weights, Math.abs);
  const norms = columnNorms(model.x);
  const scores: Readonly<Record<string, number[]>> = {
    optimal: sizes.map((size, i) => size * norms[i]),
    magnitude: sizes,
    uniform: sizes.map(() => 1),
    with_two_zeros: sizes.map((size, i) => (i === 1 || i === 4 ? 0 : size)),
  };
  for (const expected of file.objects('gumbel_masks')) {
    const { text, number } = fieldsOf('gumbel_masks', expected);
    const [name, temperature, kept] = [text('scores'), number('temperature'), number('kept')];
    const values = scores[name];
    if (values === undefined) throw invalid('reference file', 'gumbel_masks of unknown scores', name);
    const keys = values.map((score, i) => gumbelKey(score, uniforms[i], temperature));
    const order = [...keys.keys()].sort((i, j) => keys[j] - keys[i] || i - j).slice(0, kept);
    const mask = keys.map((_, i) => Number(order.includes(i)));
    yield* agreed(expected, { order, mask }, `gumbel_masks.${name}.${temperature}.${kept}.`, 0);
  }
}

/** Draws with replacement from the file's numbers, and the weights they give. */
function* checkDraws(
  fields: Fields,
  model: LinearModel,
  probabilities: Readonly<Record<string, Float64Array>>,
): Generator<Comparison> {
  const file = fieldsOf('file', fields);
  const uniforms = file.numbers('draw_uniforms');
  for (const expected of file.objects('draws')) {
    const { p, name } = drawnBy(probabilities, { ...expected, draws: uniforms.length });
    const drawn = uniforms.map((u) => drawCounts(p, 1, () => u).indexOf(1));
    let next = 0;
    const counts = drawCounts(p, uniforms.length, () => uniforms[next++]);
    const weights = rescaledWeights(model.weights, counts, p);
    yield* agreed(expected, { drawn, counts }, `draws.${name}.`, 0);
    yield* agreed(
      expected,
      { rescaled_weights: weights, error: squaredError(model, weights) },
      `draws.${name}.`,
    );
  }
}

function drawnBy(probabilities: Readonly<Record<string, Float64Array>>, fields: Fields) {
  const { text, number } = fieldsOf('probabilities', fields);
  const name = text('probabilities');
  if (!Object.hasOwn(probabilities, name))
    throw invalid('reference file', 'draws by unknown probabilities', name);
  return { name, p: probabilities[name], draws: number('draws') };
}

/** Compares what was found with the fields of that name. */
function* agreed(
  fields: Fields,
  found: Readonly<Record<string, number | ArrayLike<number>>>,
  prefix = '',
  tolerance = TOLERANCE,
): Generator<Comparison> {
  if (!isFields(fields)) return;
  for (const [name, value] of Object.entries(found)) {
    if (fields[name] === undefined) continue;
    const error =
      typeof value === 'number' ? relativeErrorOf(value, fields[name]) : relativeError(value, fields[name]);
    yield { ...relative(prefix + name, error), tolerance };
  }
}

const relative = (quantity: string, error: number): Comparison => ({
  quantity,
  error,
  tolerance: TOLERANCE,
  measure: 'relative',
});
