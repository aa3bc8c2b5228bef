import { invalid, product } from '../base';
import { memoryText } from '../base/memorySize';
import type { Network } from '../network';
import type { Precision } from '../tensor';
import type { FeatureSize, KernelOutputs } from './features';

export interface BlockPlan {
  /** Images of a block. */
  readonly size: number;
  /** Whether the gradients of all images are held; otherwise those of two blocks, made anew for each pair. */
  readonly isHeld: boolean;
}

export interface PlanOptions {
  /** Bytes. */
  memory: number;
  outputs: KernelOutputs;
  precision: Precision;
  /** How many images x and, unless they are the same, y. */
  images: readonly number[];
}

/** Blocks that the images are divided into at least where y are x, since half of the blocks are enough then. */
const PARTS = 4;
/** Fewer images are not worth dividing. */
const LEAST = 8;

/**
 * How many images at once fit into the memory.
 *
 * @throws `invalid memory; …` where two images do not, one beside the other
 */
export function planBlocks(
  network: Network,
  sizes: readonly FeatureSize[],
  { memory, outputs, precision, images }: PlanOptions,
): BlockPlan {
  const bytes = precision === 'double' ? 8 : 4;
  const { classes } = network;
  const values = network.nodes.map(({ id }) => product(network.shapes[id]));
  const held = sizes.reduce((sum, { numbers }) => sum + numbers, 0);
  const seen = Math.max(...sizes.map(({ seen }) => seen));
  const passing = values.reduce((sum, value) => sum + value, 0) + 4 * classes * Math.max(...values) + seen;
  const places = Math.max(...sizes.map(({ isWritten, places }) => (isWritten ? 0 : places)));
  const pairs = { full: classes ** 2, trace: 1, diagonal: classes }[outputs] * (1 + 2 * places ** 2);
  const needs = (features: number, size: number) =>
    bytes * (features * held + size * passing + size ** 2 * pairs);
  const total = images.reduce((sum, count) => sum + count, 0);
  const largest = Math.max(...images);
  const isHeld = needs(total, 1) <= memory;
  const most = images.length > 1 ? largest : Math.max(LEAST, Math.ceil(largest / PARTS));
  let size = Math.min(largest, most);
  while (size > 0 && needs(isHeld ? total : 2 * size, size) > memory) size--;
  if (size === 0) {
    const rule = `less than ${memoryText(needs(2, 1))}, which two images of ${network.name} take at a time`;
    throw invalid('memory', rule, memory);
  }
  return { size: Math.ceil(largest / Math.ceil(largest / size)), isHeld };
}
