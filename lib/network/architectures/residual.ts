import { invalid } from '../../base';
import { type GraphBuilder, graphBuilder } from '../builder';
import type { Network, Shape } from '../graph';

export interface ResidualOptions {
  input: Shape;
  classes: number;
  /** Channels of each stage; the stem has those of the first. Every stage but the first halves the map. */
  channels: readonly number[];
  /** Basic blocks in each stage. */
  blocks: number;
  /** One weight a channel on every identity shortcut, as published (they stay at 1 there); none by default. */
  identityWeights?: boolean;
}

/** A residual network of basic blocks: 3×3 stem, stages, global average pool, classifier (He et al. 2016, arXiv 1512.03385). */
export function residual(name: string, options: ResidualOptions): Network {
  const { input, classes, channels, blocks, identityWeights = false } = options;
  if (!channels.every((extent) => Number.isInteger(extent) && extent > 0))
    throw invalid('widen', 'channels must be positive whole numbers', channels);
  const g = graphBuilder(input);
  let x = g.conv2d('stem/conv', g.input, { filters: channels[0] });
  x = g.relu('stem/relu', g.batchNorm('stem/bn', x)); // [height, width, channels[0]]
  let width = channels[0];
  channels.forEach((filters, stage) => {
    for (let block = 1; block <= blocks; block++) {
      const stride = stage > 0 && block === 1 ? 2 : 1;
      const project = stride > 1 || filters !== width;
      x = basicBlock(g, `stage${stage + 1}/block${block}`, x, { filters, stride, project, identityWeights });
      width = filters;
    }
  });
  g.dense('fc', g.globalAvgPool('pool', x), { units: classes }); // [classes]
  return g.build(name);
}

interface BlockOptions {
  filters: number;
  stride: number;
  /** Whether the shortcut is a 1×1 convolution with batch norm rather than the identity. */
  project: boolean;
  identityWeights: boolean;
}

/** relu(bn(conv(relu(bn(conv(x))))) + shortcut(x)). */
function basicBlock(g: GraphBuilder, id: string, x: string, options: BlockOptions): string {
  const { filters, stride, project, identityWeights } = options;
  let y = g.conv2d(`${id}/conv1`, x, { filters, stride });
  y = g.relu(`${id}/relu1`, g.batchNorm(`${id}/bn1`, y));
  y = g.conv2d(`${id}/conv2`, y, { filters });
  y = g.batchNorm(`${id}/bn2`, y); // [height / stride, width / stride, filters]
  let shortcut = x;
  if (project) {
    shortcut = g.conv2d(`${id}/shortcut/conv`, x, { filters, stride, size: 1 });
    shortcut = g.batchNorm(`${id}/shortcut/bn`, shortcut);
  } else if (identityWeights) shortcut = g.channelScale(`${id}/shortcut`, x);
  return g.relu(`${id}/relu2`, g.add(`${id}/add`, y, shortcut));
}
