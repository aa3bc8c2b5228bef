import { batches } from '../../data';
import { tf } from '../../tensor';
import { spread } from '../metrics';
import { outputsOf } from '../objective';
import { quantity, shared } from './quantity';

/** How many test images the outputs are recorded for. */
const OUTPUT_IMAGES = 64;

const outputs = shared(({ small, network, params, linearisedAt, data }) => {
  const of = small ?? { network, params };
  const batch = Math.min(OUTPUT_IMAGES, data.test.count);
  const [{ images, labels }] = batches(data, 'test', { batch });
  const [outputMean, outputNorm] = tf.tidy(() =>
    spread(outputsOf(of.network, of.params, images, linearisedAt)).dataSync(),
  );
  tf.dispose([images, labels]);
  return { outputMean, outputNorm };
});

export const outputMean = quantity({
  meaning: `mean of the outputs for the first ${OUTPUT_IMAGES} test images, in inference mode`,
  title: 'Mean of the outputs',
  label: 'mean output',
  measure: (state) => outputs(state).outputMean,
});

export const outputNorm = quantity({
  meaning: 'Euclidean norm of those outputs',
  title: 'Norm of the outputs',
  label: '‖f(x)‖',
  measure: (state) => outputs(state).outputNorm,
});

export const firstBatchMean = quantity({
  meaning:
    "mean of the outputs at the epoch's first step, in training mode, as in the published code; null in epoch 0",
  title: 'Mean of the outputs for the first batch, in training mode',
  label: 'mean output',
  measure: ({ steps }) => steps?.opening?.outputMean ?? null,
});

export const firstBatchNorm = quantity({
  meaning: 'Euclidean norm of those outputs; null in epoch 0',
  title: 'Norm of the outputs for the first batch, in training mode',
  label: '‖f(x)‖',
  measure: ({ steps }) => steps?.opening?.outputNorm ?? null,
});
