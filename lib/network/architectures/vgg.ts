import { checkNames, lookUp } from '../../base';
import { type GraphBuilder, graphBuilder } from '../builder';
import type { Network } from '../graph';
import {
  cifarShape,
  type ModelOptions,
  tinyImageNetClasses,
  tinyImageNetShape,
  withFixed,
} from './modelOptions';

export interface VggOptions extends ModelOptions {
  depth: 11 | 13 | 16 | 19;
  /** Batch norm after every convolution; none by default. */
  batchNorm?: boolean;
  /**
   * `cifar` (default): four max pools, a global average pool and one dense layer, as in the lottery-ticket literature;
   * `tiny`: five max pools and the three dense layers of the Tiny-ImageNet form, without its dropout.
   */
  form?: 'cifar' | 'tiny';
}

/** 3×3 convolutions in each of the five stages, by depth (Simonyan & Zisserman 2015, table 1). */
const convolutions = {
  11: [1, 1, 2, 2, 2],
  13: [2, 2, 2, 2, 2],
  16: [2, 2, 3, 3, 3],
  19: [2, 2, 4, 4, 4],
};
const channels = [64, 128, 256, 512, 512];

/**
 * VGG-11, 13, 16 or 19. Reads `[32, 32, 3]` with 10 classes in the `cifar` form, `[64, 64, 3]` with 200 in the `tiny`
 * form unless told otherwise; convolutions have biases.
 *
 * @throws `invalid VGG depth; …` or `invalid VGG form; …` for one that does not exist
 */
export function vgg(options: VggOptions): Network {
  checkNames('vgg', options, { depth: 1, batchNorm: 1, form: 1, input: 1, classes: 1 });
  const { depth, batchNorm = false, form = 'cifar', input, classes } = options;
  const plan = lookUp('VGG depth', convolutions, String(depth));
  const { shape, outputs, lastPool, head } = lookUp('VGG form', forms, form);
  const g = graphBuilder(input ?? shape);
  let x = g.input;
  plan.forEach((count, index) => {
    const stage = `stage${index + 1}`;
    for (let layer = 1; layer <= count; layer++) {
      x = g.conv2d(`${stage}/conv${layer}`, x, { filters: channels[index], bias: true });
      if (batchNorm) x = g.batchNorm(`${stage}/bn${layer}`, x);
      x = g.relu(`${stage}/relu${layer}`, x); // [height, width, channels[index]]
    }
    if (index < plan.length - 1 || lastPool) x = g.maxPool(`${stage}/pool`, x);
  });
  head(g, x, classes ?? outputs);
  return g.build(`vgg${depth}${batchNorm ? '-bn' : ''}${form === 'tiny' ? '-tiny' : ''}`);
}

const forms = {
  cifar: { shape: cifarShape, outputs: 10, lastPool: false, head: pooledHead },
  tiny: { shape: tinyImageNetShape, outputs: tinyImageNetClasses, lastPool: true, head: denseHead },
};

function pooledHead(g: GraphBuilder, x: string, classes: number): void {
  g.dense('fc', g.globalAvgPool('pool', x), { units: classes }); // [classes]
}

function denseHead(g: GraphBuilder, x: string, classes: number): void {
  let y = g.flatten('flatten', x);
  for (const layer of [1, 2]) {
    y = g.dense(`fc${layer}`, y, { units: 1024 }); // [1024]
    y = g.relu(`fc${layer}/relu`, y);
  }
  g.dense('fc3', y, { units: classes }); // [classes]
}

export const vgg11 = withFixed(vgg, { depth: 11 });
export const vgg13 = withFixed(vgg, { depth: 13 });
export const vgg16 = withFixed(vgg, { depth: 16 });
export const vgg19 = withFixed(vgg, { depth: 19 });
export const vgg11Bn = withFixed(vgg, { depth: 11, batchNorm: true });
export const vgg13Bn = withFixed(vgg, { depth: 13, batchNorm: true });
export const vgg16Bn = withFixed(vgg, { depth: 16, batchNorm: true });
export const vgg19Bn = withFixed(vgg, { depth: 19, batchNorm: true });
