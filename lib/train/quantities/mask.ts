import { product } from '../../base';
import { kernelsOf, type Mask, type Network } from '../../network';
import { countPaths, effective } from '../../path';
import { tf } from '../../tensor';
import { quantityOnRequest } from './quantity';

export const maskDensity = quantityOnRequest({
  meaning: 'prunable weights kept, of all; recorded of every training whose mask changes',
  unit: 'fraction',
  title: 'Density',
  label: 'weights kept',
  axis: 'log',
  measure: ({ network, mask }) => (mask ? keptIn(mask) / sizeOf(network) : 1),
});

export const effectiveDensity = quantityOnRequest({
  meaning: 'those of them on a complete path from input to output; recorded with `maskDensity`',
  unit: 'fraction',
  title: 'Effective density',
  label: 'weights on a path',
  axis: 'log',
  measure({ network, mask }) {
    if (!mask) return 1;
    const { mask: onPaths } = effective(network, mask);
    const found = keptIn(onPaths) / sizeOf(network);
    tf.dispose(onPaths);
    return found;
  },
});

export const maskUpdates = quantityOnRequest({
  meaning: 'changes of the mask in the epoch; 0 in epoch 0; recorded with `maskDensity`',
  title: 'Mask updates',
  label: 'updates',
  sql: 'INTEGER',
  measure: ({ steps }) => steps?.updates.length ?? 0,
});

export const weightsGrown = quantityOnRequest({
  meaning:
    'weights that were pruned before an update of the epoch and kept after it, of those kept, summed over its updates; 0 in epoch 0; recorded with `maskDensity`',
  unit: 'fraction',
  title: 'Weights grown',
  label: 'grown of those kept',
  measure: ({ steps }) => (steps?.updates ?? []).reduce((sum, { grown, kept }) => sum + grown / kept, 0),
});

export const logPathCount = quantityOnRequest({
  meaning:
    'ln of the number of paths of kept weights from input to output, as of `countPaths`; null where there is none',
  title: 'Paths left',
  label: 'paths',
  axis: 'exponent',
  measure({ network, mask }) {
    const { log } = countPaths(network, { mask });
    return Number.isFinite(log) ? log : null;
  },
});

function keptIn(mask: Mask): number {
  return tf.tidy(() => Object.values(mask).reduce((sum, kept) => sum + kept.sum().dataSync()[0], 0));
}

function sizeOf(network: Network): number {
  return kernelsOf(network).reduce((sum, { shape }) => sum + product(shape), 0);
}
