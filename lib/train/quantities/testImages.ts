import { testMetrics } from '../testMetrics';
import { quantity, shared } from './quantity';

const metrics = shared(async (state) => {
  const { small, network, params, data, loss, linearisedAt, signal } = state;
  const { test = true } = state.record;
  const of = small ?? { network, params };
  return test ? testMetrics(of.network, of.params, data, { loss, linearisedAt, signal }) : undefined;
});

export const testLoss = quantity({
  meaning:
    'mean loss (cross-entropy unless another is trained) on the test images, in inference mode; null where not recorded',
  unit: 'nats',
  title: 'Test loss',
  label: 'mean cross-entropy',
  measure: async (state) => (await metrics(state))?.loss ?? null,
});

export const testTop1 = quantity({
  meaning: 'test images right; null where not recorded',
  unit: 'fraction',
  title: 'Test accuracy',
  label: 'fraction right',
  measure: async (state) => (await metrics(state))?.top1 ?? null,
});

export const testTop5 = quantity({
  meaning: 'the same among the five largest outputs',
  unit: 'fraction',
  title: 'Test accuracy, top 5',
  label: 'fraction among the first five',
  measure: async (state) => (await metrics(state))?.top5 ?? null,
});
