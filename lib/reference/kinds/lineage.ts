import { invalid } from '../../base';
import { graphBuilder, type Network, type Params } from '../../network';
import { featureSimilarity, type LineageMeasure, reportedSimilarity } from '../../ntk';
import { featurePairs } from '../../ntk/lineage';
import { compiled, mapRecord, tf } from '../../tensor';
import { type Comparison, relativeErrorOf } from '../comparison';
import { type Fields, fieldsOf } from '../jsonFields';
import { buildSubject, disposeSubject, parametersOf, type Subject } from '../subject';
import type { Kind } from './kind';

/** Of numbers that are double precision throughout. */
const TOLERANCE = 1e-9;

/** By field, the measure it holds. */
const MEASURES: Readonly<Record<string, LineageMeasure>> = {
  L1: 'L1',
  L2: 'L2',
  L4: 'L4',
  log_sum_exp: 'log-sum-exp',
};

const number = (quantity: string, found: number, expected: unknown): Comparison => ({
  quantity,
  error: relativeErrorOf(found, expected),
  tolerance: TOLERANCE,
  measure: 'relative',
});

/** Kind `lineage`: how alike the features of children are to those of several possible parents. */
export const lineage: Kind = async function* compare({ fields, ...file }) {
  const { objects, object } = fieldsOf('file', fields);
  const subjects: Subject[] = [];
  const children: Params[] = [];
  try {
    for (const [i, { params }] of objects('parents').entries())
      subjects.push(
        buildSubject({ ...file, name: `${file.name} parent ${i}`, fields: { ...fields, params } }),
      );
    for (const [i, child] of objects('children').entries())
      children.push(childOf(subjects[0], fieldsOf(`children[${i}]`, child).numbers, fields));
    yield* compareModels(subjects, children, fields);
  } finally {
    for (const subject of subjects) disposeSubject(subject);
    tf.dispose(children);
  }
  yield* compareLinearLayer(object('linear_layer'));
};

function* compareModels(
  subjects: readonly Subject[],
  children: readonly Params[],
  file: Fields,
): Generator<Comparison> {
  const { object, objects } = fieldsOf('file', file);
  const [{ network, data }] = subjects;
  if (!data) throw invalid('reference file', 'has no list of inputs', network.name);
  const text = fieldsOf('about', object('about')).text('features');
  const [, at] = /node `([^`]+)`/.exec(text) ?? [];
  if (at === undefined) throw invalid('reference file', 'about.features must name its node `ID`', text);
  const models = [subjects.map(({ params }) => params), children].map((all) =>
    all.map((params) => ({ network, params })),
  );
  const pairs = featurePairs(models[0], models[1], data.inputs, { at });
  for (const result of objects('results')) {
    const [parent, child, alpha] = ['parent', 'child', 'alpha'].map(fieldsOf('results[…]', result).number);
    for (const [field, measure] of Object.entries(MEASURES)) {
      const found = featureSimilarity(measure, pairs[child][parent], alpha);
      const quantity = `results.${parent}.${child}.${alpha}.${field}`;
      if (result[field] !== undefined) yield number(quantity, found, result[field]);
      const expected = result[`${field}_reported`];
      if (expected !== undefined)
        yield number(`${quantity}_reported`, reportedSimilarity(measure, found), expected);
    }
  }
  for (const [field, byAlpha] of Object.entries(object('found')))
    for (const [alpha, expected] of Object.entries(byAlpha as Fields)) {
      const found = pairs.map((row) => {
        const all = row.map((pair) => featureSimilarity(MEASURES[field], pair, Number(alpha)));
        return all.indexOf(Math.max(...all));
      });
      const error = Number(String(found) !== String(expected));
      yield { quantity: `found.${field}.${alpha}`, error, tolerance: 0, measure: 'entries' };
    }
}

/** Parameters in double precision, as the sums of two that float32 holds. */
function childOf({ network, listed }: Subject, valuesOf: (name: string) => number[], file: Fields): Params {
  const of = (part: (value: number) => number) =>
    parametersOf(
      network,
      listed.map((own) => ({ ...own, values: Float32Array.from(valuesOf(own.name), part) })),
      file,
    );
  const parts = [of((value) => value), of((value) => value - Math.fround(value))];
  const trained = parameterNames(network);
  const add = compiled(
    ([whole, rest]: readonly Params[]) =>
      mapRecord(whole, (value, name) => (trained.has(name) ? value.add(rest[name]) : value)),
    { precision: 'double' },
  );
  const found = add(parts);
  add.dispose();
  tf.dispose(parts);
  return found;
}

/** Those of parameters that a file lists, without running statistics. */
function parameterNames({ parameters }: Network): ReadonlySet<string> {
  return new Set(
    parameters.flatMap(({ name, role }) => (role === 'mean' || role === 'variance' ? [] : [name])),
  );
}

/** F = Z Wᵀ. */
function* compareLinearLayer(fields: Fields): Generator<Comparison> {
  const { numbers, objects } = fieldsOf('linear_layer', fields);
  const [units, width] = numbers('W_shape');
  const g = graphBuilder([width]);
  g.dense('layer', g.input, { units, bias: false });
  const network = g.build('one layer');
  const models = ['W_parent', 'W_child'].map((name) => ({
    network,
    params: { 'layer/kernel': tf.tidy(() => tf.tensor2d(numbers(name), [units, width]).transpose()) },
  }));
  const inputs = tf.tensor2d(numbers('Z'), numbers('Z_shape') as [number, number]);
  const [[, pair]] = featurePairs([models[1], models[0]], [models[1]], inputs, { at: 'layer' });
  tf.dispose([inputs, ...models.map(({ params }) => params)]);
  for (const [i, result] of objects('results').entries())
    yield number(
      `linear_layer.results.${i}.L2`,
      featureSimilarity('L2', pair, fieldsOf('results[…]', result).number('alpha')),
      result.L2,
    );
}
