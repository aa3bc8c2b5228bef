import { type TraceOptions, pathKernelTrace as traceOf } from '../../path';
import { type EpochState, quantity, quantityOnRequest } from './quantity';

export const pathKernelTrace = quantity({
  meaning: 'ln Tr Π of the masked network; null where not recorded or where no path is left',
  title: 'Path-Kernel trace',
  label: 'Tr Π',
  axis: 'exponent',
  measure: (state) => {
    const { trace = 'weights' } = state.record;
    return trace ? logTrace(state, trace) : null;
  },
});

export const pathKernelTraceAsPublished = quantityOnRequest({
  meaning:
    'the same in the convention as-published: over every trained parameter, biases and batch norm among them, in inference mode',
  title: 'Path-Kernel trace as published',
  label: 'Tr Π as published',
  axis: 'exponent',
  measure: (state) => logTrace(state, 'as-published'),
});

export const pathKernelTraceInTrainingMode = quantityOnRequest({
  meaning:
    'the same in the convention as-published-training, as the published code takes it after each epoch: batch norm divides by the spread of one image of ones',
  title: 'Path-Kernel trace as published, in training mode',
  label: 'Tr Π as published, training mode',
  axis: 'exponent',
  measure: (state) => logTrace(state, 'as-published-training'),
});

function logTrace(
  { network, params, mask }: EpochState,
  convention: NonNullable<TraceOptions['convention']>,
): number | null {
  const { log } = traceOf(network, params, { mask, convention });
  return log === Number.NEGATIVE_INFINITY ? null : log;
}
