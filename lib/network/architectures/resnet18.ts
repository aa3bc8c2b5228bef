import type { Network } from '../graph';
import { tinyImageNetClasses, tinyImageNetShape } from './modelOptions';
import { residual } from './residual';
import { type ResnetOptions, widenedName } from './resnet';

/**
 * ResNet-18 in the form for Tiny-ImageNet: a 3×3 stem at stride 1 without a pool, then four stages of two basic blocks
 * with 64, 128, 256 and 512 channels, times `widen` (1). Reads `[64, 64, 3]` and has 200 classes unless told otherwise.
 */
export function resnet18(options: ResnetOptions & { widen?: number } = {}): Network {
  const { widen = 1, input = tinyImageNetShape, classes = tinyImageNetClasses, identityWeights } = options;
  const channels = [64, 128, 256, 512].map((base) => base * widen);
  return residual(widenedName('resnet18', widen), { input, classes, channels, blocks: 2, identityWeights });
}

/**
 * {@link resnet18} with twice the channels. The published code's network of this name is only as wide as resnet18: it
 * passes a base width of 128 that its basic block never reads.
 */
export const wideResnet18 = (options: ResnetOptions = {}) => resnet18({ ...options, widen: 2 });
