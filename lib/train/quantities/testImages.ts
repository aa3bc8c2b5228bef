import type { Dataset } from '../../data';
import { testMetrics } from '../testMetrics';
import { type EpochState, quantity, quantityOnRequest, shared } from './quantity';

const metrics = shared(async (state) => {
  const { test = true } = state.record;
  return test ? metricsOn(state, state.data) : undefined;
});

const validation = shared(async (state) => state.validation && metricsOn(state, state.validation));

function metricsOn(state: EpochState, data: Dataset) {
  const { small, network, params, loss, linearisedAt, signal } = state;
  const of = small ?? { network, params };
  return testMetrics(of.network, of.params, data, { loss, linearisedAt, signal });
}

export const testLoss = quantity({
  meaning:
    'mean loss (cross-entropy unless another is trained) on the test images, in inference mode; null where not recorded',
  unit: 'nats',
  title: 'Test loss',
  label: 'mean loss',
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

export const validationLoss = quantityOnRequest({
  meaning:
    'mean loss on the training images held out, in inference mode; recorded wherever `validation` holds some out, else null',
  unit: 'nats',
  title: 'Validation loss',
  label: 'mean loss',
  measure: async (state) => (await validation(state))?.loss ?? null,
});

export const validationTop1 = quantityOnRequest({
  meaning: 'those images right; recorded with `validationLoss`',
  unit: 'fraction',
  title: 'Validation accuracy',
  label: 'fraction right',
  measure: async (state) => (await validation(state))?.top1 ?? null,
});
