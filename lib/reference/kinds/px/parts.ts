import type { Network } from '../../../network';
import { type PxForm, pxForm, pxParts, spreadOf } from '../../../prune';
import { mapRecord } from '../../../tensor';
import type { Check } from '../../checks/check';
import { compareValues } from '../../checks/values';
import type { Comparison } from '../../comparison';
import { isFields } from '../../jsonFields';
import { tolerancesOf } from '../../tolerances';
import { dataOf, list } from './findings';

/** c_k, z2_k, the objective and the spread of c_k. */
export const checkParts: Check = async function* (subject, fields) {
  const { network, params } = subject;
  const images = dataOf(subject).inputs;
  const { classWeights, outputs, objective } = await pxParts(network, params, pxForm, images);
  const tolerances = tolerancesOf(subject);
  yield* list(subject, 'c_k', fields, classWeights);
  yield* list(subject, 'z2_k', fields, outputs);
  yield* compareValues('', fields, { objective: () => objective }, tolerances);
  if (isFields(fields.c_spread)) {
    const { mean, standardDeviation, relative, largestOverSmallest } = spreadOf(classWeights);
    const found = { mean, largest_over_smallest: largestOverSmallest };
    yield* compareValues(
      'c_spread.',
      fields.c_spread,
      mapRecord(found, (value) => () => value),
      tolerances,
    );
    // Of numbers that are equal but for rounding, a spread is to be 0 beside them.
    yield* absolute(
      'c_spread.standard_deviation',
      fields.c_spread.standard_deviation,
      standardDeviation / mean,
      mean,
    );
    yield* absolute('c_spread.relative', fields.c_spread.relative, relative);
  }
  if (fields.c_k_last_layer_as_is !== undefined) {
    const { classWeights: found } = await pxParts(network, params, lastAsIs(network), images);
    yield* list(subject, 'c_k_last_layer_as_is', fields, found);
  }
};

/** The form of the paper, but for the last layer, whose weights stay as they are. */
const lastAsIs = ({ nodes }: Network): PxForm => ({
  name: 'paths, last layer as it is',
  isReplaced: ({ role, layer }) => role === 'kernel' && layer !== nodes[nodes.length - 1].id,
  as: 'paths',
});

function* absolute(quantity: string, expected: unknown, found: number, unit = 1): Generator<Comparison> {
  if (typeof expected === 'number')
    yield { quantity, error: Math.abs(found - expected / unit), tolerance: 1e-10, measure: 'absolute' };
}
