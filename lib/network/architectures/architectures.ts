import { lookUp } from '../../base';
import type { Network } from '../graph';
import { conv, convOrthogonal } from './conv';
import { fc, fcOrthogonal } from './fc';
import type { ModelOptions } from './modelOptions';
import { type ResnetOptions, resnet } from './resnet';
import { resnet18, wideResnet18 } from './resnet18';
import { type VggOptions, vgg } from './vgg';

export interface NamedModelOptions extends ModelOptions {
  /** Residual networks only: one weight a channel on every identity shortcut, as published; none by default. */
  identityWeights?: boolean;
}

export type Architecture = (options?: NamedModelOptions) => Network;

const fcWidths = [100, 200, 500, 1000, 2000, 5000];
const resnetDepths = [20, 32, 56, 110];
const vggDepths = [11, 13, 16, 19] as const;

/** Every architecture by name; the name is also that of the network it makes. */
export const architectures: Readonly<Record<string, Architecture>> = Object.fromEntries<Architecture>([
  ...fcWidths.map((width) => named(`fc-${width}`, (options) => fc({ ...options, width }))),
  ...fcWidths.map((width) => named(`fc-${width}-orth`, (options) => fcOrthogonal({ ...options, width }))),
  named('conv', conv),
  named('conv-orth', convOrthogonal),
  ...resnetDepths.map((depth) =>
    named(`resnet${depth}`, (options: ResnetOptions = {}) => resnet({ ...options, depth })),
  ),
  ...resnetDepths.map((depth) =>
    named(`wide-resnet${depth}`, (options: ResnetOptions = {}) => resnet({ ...options, depth, widen: 2 })),
  ),
  named('resnet18', resnet18),
  named('wide-resnet18', wideResnet18),
  ...vggDepths.flatMap((depth) => vggForms(depth)),
]);

function vggForms(depth: VggOptions['depth']): [string, Architecture][] {
  return [
    named(`vgg${depth}`, (options) => vgg({ ...options, depth })),
    named(`vgg${depth}-bn`, (options) => vgg({ ...options, depth, batchNorm: true })),
    named(`vgg${depth}-tiny`, (options) => vgg({ ...options, depth, form: 'tiny' })),
    named(`vgg${depth}-bn-tiny`, (options) => vgg({ ...options, depth, batchNorm: true, form: 'tiny' })),
  ];
}

function named(name: string, architecture: Architecture): [string, Architecture] {
  return [name, architecture];
}

/**
 * The network called `name`: `fc-100` … `fc-5000`, `conv`, `resnet20` … `resnet110`, `resnet18`, `vgg11` … `vgg19-bn`;
 * with `-orth`, `wide-` and `-tiny` as {@link architectures} lists them.
 *
 * @throws `invalid model; unknown, did you mean …` for another name
 */
export function buildNetwork(name: string, options: NamedModelOptions = {}): Network {
  return lookUp('model', architectures, name)(options);
}
