import { averagePathLength as lengthOf } from '../../path';
import { quantityOnRequest } from './quantity';

export const averagePathLength = quantityOnRequest({
  meaning: 'average path length, every path counting alike; null where no path is left',
  title: 'Average path length',
  label: 'average path length',
  measure: ({ network, params, mask }) => lengthOf(network, params, { mask }).mean,
});

export const averagePathLengthNormalised = quantityOnRequest({
  meaning: 'average path length of a walk back over live branches; null where no path is left',
  title: 'Average path length, normalised',
  label: 'average path length',
  measure: ({ network, params, mask }) => lengthOf(network, params, { mask, weighting: 'normalised' }).mean,
});

export const averagePathLengthByEnergy = quantityOnRequest({
  meaning: 'average path length, a path counting v_p²; null where no path is left',
  title: 'Average path length, by path energy',
  label: 'average path length',
  measure: ({ network, params, mask }) => lengthOf(network, params, { mask, weighting: 'energy' }).mean,
});
