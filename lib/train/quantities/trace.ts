import { pathKernelTrace as traceOf } from '../../path';
import { quantity } from './quantity';

export const pathKernelTrace = quantity({
  meaning: 'ln Tr Π of the masked network; null where not recorded or where no path is left',
  title: 'Path-Kernel trace',
  label: 'ln Tr Π',
  measure({ network, params, mask, record: { trace = 'weights' } }) {
    if (!trace) return null;
    const { log } = traceOf(network, params, { mask, convention: trace });
    return log === Number.NEGATIVE_INFINITY ? null : log;
  },
});
