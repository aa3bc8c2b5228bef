import { checkNames, invalid } from '../../base';
import { type GraphBuilder, graphBuilder } from '../builder';
import type { Network } from '../graph';
import { cifarShape, type ModelOptions, withFixed } from './modelOptions';

/**
 * The wide residual network of Zagoruyko and Komodakis 2016 (arXiv 1605.07146) for 32×32 images, its blocks with batch norm and ReLU before
 * each convolution: a 3×3 stem of 16 channels, three stages of (depth − 4) / 6 blocks with 16, 32 and 64 channels, times `widen`.
 * Blocks that widen or halve the map go round by a 1×1 convolution of what their first ReLU gives. WRN-22-2 is the one of RigL's authors.
 *
 * @throws `invalid depth; …` unless depth is 6n + 4, `invalid widen; …` unless it is a positive whole number
 */
export function wrn(options: ModelOptions & { depth: number; widen: number }): Network {
  checkNames('wrn', options, { depth: 1, widen: 1, input: 1, classes: 1 });
  const { depth, widen, input = cifarShape, classes = 10 } = options;
  const blocks = (depth - 4) / 6;
  if (!(Number.isInteger(blocks) && blocks >= 1)) throw invalid('depth', 'not 6n + 4 with n ≥ 1', depth);
  if (!(Number.isInteger(widen) && widen >= 1)) throw invalid('widen', 'not a positive whole number', widen);
  const g = graphBuilder(input);
  let x = g.conv2d('stem', g.input, { filters: 16 }); // [height, width, 16]
  [16, 32, 64].forEach((base, stage) => {
    for (let block = 1; block <= blocks; block++)
      x = preactivated(g, `stage${stage + 1}/block${block}`, x, {
        filters: base * widen,
        stride: stage > 0 && block === 1 ? 2 : 1,
        isFirst: block === 1,
      });
  });
  x = g.relu('relu', g.batchNorm('bn', x));
  g.dense('fc', g.globalAvgPool('pool', x), { units: classes }); // [classes]
  return g.build(`wrn-${depth}-${widen}`);
}

/** conv(relu(bn(conv(relu(bn(x)))))) + x, or in place of x a 1×1 convolution of relu(bn(x)) in the first block of a stage. */
function preactivated(
  g: GraphBuilder,
  id: string,
  x: string,
  { filters, stride, isFirst }: { filters: number; stride: number; isFirst: boolean },
): string {
  const open = g.relu(`${id}/relu1`, g.batchNorm(`${id}/bn1`, x));
  const y = g.conv2d(`${id}/conv1`, open, { filters, stride });
  const z = g.conv2d(`${id}/conv2`, g.relu(`${id}/relu2`, g.batchNorm(`${id}/bn2`, y)), { filters });
  const shortcut = isFirst ? g.conv2d(`${id}/shortcut`, open, { filters, stride, size: 1 }) : x;
  return g.add(`${id}/add`, z, shortcut); // [height / stride, width / stride, filters]
}

export const wrn22x2 = withFixed(wrn, { depth: 22, widen: 2 });
