import { checkNames } from '../../base';
import type { Network } from '../graph';
import { tinyImageNetClasses, tinyImageNetShape, withFixed } from './modelOptions';
import { residual } from './residual';
import { type ResnetOptions, widenedName } from './resnet';

/**
 * ResNet-18 in the form for Tiny-ImageNet: a 3×3 stem at stride 1 without a pool, then four stages of two basic blocks
 * with 64, 128, 256 and 512 channels, times `widen` (1). Reads `[64, 64, 3]` and has 200 classes unless told otherwise.
 */
export function resnet18(options: ResnetOptions & { widen?: number } = {}): Network {
  checkNames('resnet18', options, { widen: 1, input: 1, classes: 1, identityWeights: 1, shortcut: 1 });
  const { widen = 1, input = tinyImageNetShape, classes = tinyImageNetClasses, ...others } = options;
  const channels = [64, 128, 256, 512].map((base) => base * widen);
  return residual(widenedName('resnet18', widen), { ...others, input, classes, channels, blocks: 2 });
}

/**
 * {@link resnet18} with twice the channels. The published code's network of this name is only as wide as resnet18: it
 * passes a base width of 128 that its basic block never reads.
 */
export const wideResnet18 = withFixed(resnet18, { widen: 2 });
