import { checkNames, invalid } from '../../base';
import type { Network } from '../graph';
import { cifarShape, type ModelOptions, withFixed } from './modelOptions';
import { residual, type Shortcut } from './residual';

export interface ResnetOptions extends ModelOptions {
  /** One weight a channel on every identity shortcut, as published; none by default. */
  identityWeights?: boolean;
  /**
   * How a block that halves the map is gone round: by a 1×1 convolution with batch norm (`projection`, option B of He et al. 2016, as
   * published for the paper; default), or by every second place with channels of zeros on both sides (`padding`, option A, no weights).
   */
  shortcut?: Shortcut;
}

/**
 * The ResNet for 32×32 images (He et al. 2016, section 4.2): three stages of (depth − 2) / 6 basic blocks with 16, 32
 * and 64 channels, times `widen`. Reads `[32, 32, 3]` unless told otherwise.
 *
 * @throws `invalid depth; …` unless depth is 6n + 2
 */
export function resnet(options: ResnetOptions & { depth: number; widen?: number }): Network {
  const names = { depth: 1, widen: 1, input: 1, classes: 1, identityWeights: 1, shortcut: 1 };
  checkNames('resnet', options, names);
  const { depth, widen = 1, input = cifarShape, classes = 10, identityWeights, shortcut } = options;
  const blocks = (depth - 2) / 6;
  if (!(Number.isInteger(blocks) && blocks >= 1)) throw invalid('depth', 'not 6n + 2 with n ≥ 1', depth);
  const channels = [16, 32, 64].map((base) => base * widen);
  return residual(widenedName(`resnet${depth}`, widen), {
    input,
    classes,
    channels,
    blocks,
    identityWeights,
    shortcut,
  });
}

/** The name of a residual network `widen` times as wide as the one called `name`; twice is what the paper calls wide. */
export function widenedName(name: string, widen: number): string {
  if (widen === 1) return name;
  return widen === 2 ? `wide-${name}` : `${name}-x${widen}`;
}

export const resnet20 = withFixed(resnet, { depth: 20 });
export const resnet32 = withFixed(resnet, { depth: 32 });
export const resnet56 = withFixed(resnet, { depth: 56 });
export const resnet110 = withFixed(resnet, { depth: 110 });
/** Twice the channels of {@link resnet20}. */
export const wideResnet20 = withFixed(resnet, { depth: 20, widen: 2 });
export const wideResnet32 = withFixed(resnet, { depth: 32, widen: 2 });
export const wideResnet56 = withFixed(resnet, { depth: 56, widen: 2 });
export const wideResnet110 = withFixed(resnet, { depth: 110, widen: 2 });
