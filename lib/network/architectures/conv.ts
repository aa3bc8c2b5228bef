import { checkNames } from '../../base';
import { graphBuilder } from '../builder';
import type { Network } from '../graph';
import { type ModelOptions, mnistShape } from './modelOptions';

/** The small convolutional network of the paper: two 3×3 convolutions of 32 filters, then the classifier; biases throughout. */
export function conv(options: ModelOptions = {}): Network {
  checkNames('conv', options, { input: 1, classes: 1 });
  const { input = mnistShape, classes = 10 } = options;
  const g = graphBuilder(input);
  let x = g.input;
  for (const layer of [1, 2]) {
    x = g.conv2d(`conv${layer}`, x, { filters: 32, bias: true }); // [height, width, 32]
    x = g.relu(`relu${layer}`, x);
  }
  g.dense('fc', g.flatten('flatten', x), { units: classes }); // [classes]
  return g.build('conv');
}

/** {@link conv} whose kernels start orthogonal (the published one leaves its classifier as it was). */
export function convOrthogonal(options: ModelOptions = {}): Network {
  return { ...conv(options), name: 'conv-orth', initialiser: 'orthogonal' };
}
