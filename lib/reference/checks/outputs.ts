import { product } from '../../base';
import { forward } from '../../network';
import { softmaxCrossEntropy, tf } from '../../tensor';
import { CANCELLING, type Comparison, relativeError } from '../comparison';
import { fieldsOf, isFields } from '../jsonFields';
import { readInputs, sampleTensor } from '../readInputs';
import { tolerancesOf } from '../tolerances';
import type { Check } from './check';
import { compareValues } from './values';

/** Lists of outputs by the list of inputs they belong to. */
const OUTPUTS: Readonly<Record<string, string>> = {
  outputs: 'inputs',
  outputs_first2: 'inputs',
  f0_train: 'train_inputs',
  f0_test: 'test_inputs',
};

/** The share of ReLUs that rounding may flip: it is about one in millions. */
const RARE = 1e-5;

/** The network's outputs on the file's inputs, all or of the first two samples, and the loss on them. */
export const checkOutputs: Check = (subject, file) => {
  const { network, params, data } = subject;
  const tolerances = tolerancesOf(subject);
  const { relus } = subject;
  const rounding: Comparison[] = relus
    ? [
        {
          quantity: 'relu_flips',
          error: relus.flips,
          tolerance: Math.ceil(relus.units * RARE),
          measure: 'entries',
        },
      ]
    : [];
  const listed = Object.entries(OUTPUTS).flatMap(([quantity, inputs]): Comparison[] => {
    if (file[quantity] === undefined) return [];
    const expected = fieldsOf('file', file).numbers(quantity);
    const size = product(network.input);
    const samples = readInputs(file, size, inputs);
    if (samples === undefined) return [];
    const found = tf.tidy(() => {
      const x = sampleTensor(network, samples.values);
      return forward(network, params, x).dataSync().slice(0, expected.length);
    });
    const error = relativeError(found, expected, CANCELLING);
    return [{ quantity, error, tolerance: tolerances.value, measure: 'relative' }];
  });
  const compared = [...rounding, ...listed];
  if (data === undefined || !isFields(file.values)) return compared;
  const loss = () =>
    tf.tidy(() => {
      const targets = tf.oneHot(data.targets, network.classes).toFloat() as tf.Tensor2D; // [samples, classes]
      return softmaxCrossEntropy(forward(network, params, data.inputs), targets)
        .mean()
        .dataSync()[0];
    });
  return [...compared, ...compareValues('values.', file.values, { loss }, tolerances)];
};
