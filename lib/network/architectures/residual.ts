import { invalid, lookUp } from '../../base';
import { type GraphBuilder, graphBuilder } from '../builder';
import type { Network, Shape } from '../graph';

/** How the shortcut of a block gets to more channels and half the map: by a 1×1 convolution with batch norm, or by zeros. */
export type Shortcut = 'projection' | 'padding';

export interface ResidualOptions {
  input: Shape;
  classes: number;
  /** Channels of each stage; the stem has those of the first. Every stage but the first halves the map. */
  channels: readonly number[];
  /** Basic blocks in each stage. */
  blocks: number;
  /** One weight a channel on every identity shortcut, as published (they stay at 1 there); none by default. */
  identityWeights?: boolean;
  /** `projection` by default. */
  shortcut?: Shortcut;
}

/** A residual network of basic blocks: 3×3 stem, stages, global average pool, classifier (He et al. 2016, arXiv 1512.03385). */
export function residual(name: string, options: ResidualOptions): Network {
  const { input, classes, channels, blocks, identityWeights = false, shortcut = 'projection' } = options;
  lookUp('shortcut', { projection: 1, padding: 1 }, shortcut);
  if (!channels.every((extent) => Number.isInteger(extent) && extent > 0))
    throw invalid('widen', 'channels must be positive whole numbers', channels);
  const g = graphBuilder(input);
  let x = g.conv2d('stem/conv', g.input, { filters: channels[0] });
  x = g.relu('stem/relu', g.batchNorm('stem/bn', x)); // [height, width, channels[0]]
  let width = channels[0];
  channels.forEach((filters, stage) => {
    for (let block = 1; block <= blocks; block++) {
      const stride = stage > 0 && block === 1 ? 2 : 1;
      const adapt = stride > 1 || filters !== width ? shortcut : undefined;
      const added = filters - width;
      x = basicBlock(g, `stage${stage + 1}/block${block}`, x, {
        filters,
        stride,
        adapt,
        added,
        identityWeights,
      });
      width = filters;
    }
  });
  g.dense('fc', g.globalAvgPool('pool', x), { units: classes }); // [classes]
  return g.build(name);
}

interface BlockOptions {
  filters: number;
  stride: number;
  /** How the shortcut adapts to the block's value; the identity where absent. */
  adapt?: Shortcut;
  /** Channels the block has more than what it reads. */
  added: number;
  identityWeights: boolean;
}

/** relu(bn(conv(relu(bn(conv(x))))) + shortcut(x)). */
function basicBlock(g: GraphBuilder, id: string, x: string, options: BlockOptions): string {
  const { filters, stride, adapt, added, identityWeights } = options;
  let y = g.conv2d(`${id}/conv1`, x, { filters, stride });
  y = g.relu(`${id}/relu1`, g.batchNorm(`${id}/bn1`, y));
  y = g.conv2d(`${id}/conv2`, y, { filters });
  y = g.batchNorm(`${id}/bn2`, y); // [height / stride, width / stride, filters]
  let shortcut = x;
  if (adapt === 'padding') {
    const before = Math.floor(added / 2);
    shortcut = g.padChannels(`${id}/shortcut`, x, { stride, before, after: added - before });
  } else if (adapt === 'projection') {
    shortcut = g.conv2d(`${id}/shortcut/conv`, x, { filters, stride, size: 1 });
    shortcut = g.batchNorm(`${id}/shortcut/bn`, shortcut);
  } else if (identityWeights) shortcut = g.channelScale(`${id}/shortcut`, x);
  return g.relu(`${id}/relu2`, g.add(`${id}/add`, y, shortcut));
}
