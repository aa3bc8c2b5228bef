import { checkNames, invalid } from '../../base';
import { graphBuilder } from '../builder';
import type { Network } from '../graph';
import { type ModelOptions, mnistShape } from './modelOptions';

export interface FcOptions extends ModelOptions {
  /** Units of each hidden layer, 100 by default. */
  width?: number;
  /** Number of dense layers, the classifier included; 6 by default. */
  depth?: number;
  /**
   * Whether every hidden layer but the first adds what it reads: `true` to its value before the ReLU, `around` behind it, so that paths
   * go past ReLUs; `false` by default.
   */
  skip?: boolean | 'around';
}

/**
 * The fully connected network of the paper, FC-`width`: dense layers with biases, ReLU between them.
 * Reads `[28, 28, 1]` unless told otherwise; a vector `[features]` will do as well.
 *
 * @throws `invalid network; …` for a width, depth, input or number of classes that is not a positive whole number; `invalid skip; …`
 */
export function fc(options: FcOptions = {}): Network {
  checkNames('fc', options, { width: 1, depth: 1, skip: 1, input: 1, classes: 1 });
  const { width = 100, depth = 6, skip = false, input = mnistShape, classes = 10 } = options;
  if (typeof skip !== 'boolean' && skip !== 'around')
    throw invalid('skip', 'neither true, false nor around', skip);
  if (!(Number.isInteger(depth) && depth >= 1)) throw invalid('depth', 'not a positive whole number', depth);
  const g = graphBuilder(input);
  let x = input.length > 1 ? g.flatten('flatten', g.input) : g.input; // [features]
  for (let layer = 1; layer < depth; layer++) {
    const y = g.dense(`dense${layer}`, x, { units: width }); // [width]
    const isAdded = skip !== false && layer > 1;
    if (isAdded && skip === 'around') x = g.add(`add${layer}`, g.relu(`relu${layer}`, y), x);
    else x = g.relu(`relu${layer}`, isAdded ? g.add(`add${layer}`, y, x) : y);
  }
  g.dense(`dense${depth}`, x, { units: classes }); // [classes]
  return g.build(`fc-${width}${skip ? `-${skip === true ? 'skip' : skip}` : ''}`);
}

/** {@link fc} whose kernels start orthogonal. */
export function fcOrthogonal(options: FcOptions = {}): Network {
  const network = fc(options);
  return { ...network, name: `${network.name}-orth`, initialiser: 'orthogonal' };
}
