import { product } from '../../base';
import { fromPytorch, pytorchShapes } from '../../network';
import { type NtkSapParts, ntkSapParts } from '../../prune';
import { mapRecord, readDoubles, tf } from '../../tensor';
import { type Comparison, relativeError, relativeErrorOf, worst } from '../comparison';
import { inFileOrder } from '../inFileOrder';
import { type Fields, fieldsOf, isFields } from '../jsonFields';
import { readInputs, sampleTensor } from '../readInputs';
import type { Subject } from '../subject';
import { tolerancesOf } from '../tolerances';
import type { Check } from './check';
import { scoreError } from './scores';

/** NTK-SAP of the file's own weights, changes and inputs, with running statistics and with those of the inputs. */
export const checkNtkSap: Check = (subject, file) => {
  const fields = file.ntk_sap;
  if (!isFields(fields)) return [];
  return [
    ...comparePart(subject, fields, 'ntk_sap', fields, 'running'),
    ...(isFields(fields.batch_bn)
      ? comparePart(subject, fields, 'ntk_sap.batch_bn', fields.batch_bn, 'batch')
      : []),
  ];
};

function comparePart(
  subject: Subject,
  given: Fields,
  prefix: string,
  expected: Fields,
  statistics: 'running' | 'batch',
): Comparison[] {
  const tolerance = tolerancesOf(subject).value;
  const relative = (part: string, error: number): Comparison => ({
    quantity: `${prefix}.${part}`,
    error,
    tolerance,
    measure: 'relative',
  });
  const parts = partsOf(subject, given, statistics);
  const sizes = mapRecord(parts.slopes, (slope) => slope.map(Math.abs));
  const scores = mapRecord(inFileOrder(subject, sizes), (values) => Float64Array.from(values));
  const compared: Comparison[] = [];
  if (expected.objective !== undefined)
    compared.push(relative('objective', relativeErrorOf(parts.distance[0], expected.objective)));
  if (expected.scores !== undefined)
    compared.push(relative('scores', scoreError(subject, { scores }, expected.scores, FLOOR)));
  if (isFields(expected.running_statistics)) {
    const found = parts.statistics;
    const error = worst(Object.entries(expected.running_statistics), ([name, values]) =>
      relativeError(found[name] ?? [], values),
    );
    compared.push(relative('running_statistics', error));
  }
  return compared;
}

/** Sums of terms of both signs, whose size is taken. */
const FLOOR = 0.01;

interface Numbers {
  distance: Float64Array;
  slopes: Record<string, Float64Array>;
  statistics: Record<string, Float64Array>;
}

function partsOf({ network, params }: Subject, given: Fields, statistics: 'running' | 'batch'): Numbers {
  const { number, object } = fieldsOf('ntk_sap', given);
  const samples = readInputs(given, product(network.input));
  const shapes = pytorchShapes(network);
  const theirs = mapRecord(object('perturbation'), (_, name) =>
    tf.tensor(Float32Array.from(fieldsOf('perturbation', object('perturbation')).numbers(name)), [
      ...shapes[name],
    ]),
  );
  const inputs = sampleTensor(network, samples?.values ?? new Float32Array());
  const delta = fromPytorch(network, theirs);
  const parts: NtkSapParts = ntkSapParts(network, {
    ...{ theta: params, delta, inputs, statistics },
    epsilon: number('epsilon'),
    precision: 'double',
  });
  const read = (tensor: tf.Tensor) => Float64Array.from(readDoubles(tensor));
  const found = {
    distance: read(parts.distance),
    slopes: mapRecord(parts.slopes, read),
    statistics: mapRecord(parts.statistics, read),
  };
  tf.dispose([theirs, inputs, delta, parts.distance, parts.slopes, parts.statistics]);
  return found;
}
