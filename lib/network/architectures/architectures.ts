import { checkNames, invalid, isRegistered, lookUp, register } from '../../base';
import type { Network } from '../graph';
import { conv, convOrthogonal } from './conv';
import { fc, fcOrthogonal } from './fc';
import { type ModelOptions, withFixed } from './modelOptions';
import type { Shortcut } from './residual';
import { resnet } from './resnet';
import { resnet18, wideResnet18 } from './resnet18';
import { type VggOptions, vgg } from './vgg';
import { wrn22x2 } from './wrn';

export interface NamedModelOptions extends ModelOptions {
  /** Residual networks only: one weight a channel on every identity shortcut, as published; none by default. */
  identityWeights?: boolean;
  /** Residual networks only: how blocks that halve the map are gone round; `projection` by default. */
  shortcut?: Shortcut;
}

/** Makes a network for images of a shape and so many classes; a model of one's own may take further options. */
export type Architecture = (options?: NamedModelOptions) => Network;

const fcWidths = [100, 200, 500, 1000, 2000, 5000];
const resnetDepths = [20, 32, 56, 110];
const vggDepths = [11, 13, 16, 19] as const;

/** Every architecture by name, those that were registered included; the name is also that of the network it makes. */
export const architectures: Readonly<Record<string, Architecture>> = Object.fromEntries<Architecture>([
  ...fcWidths.map((width) => named(`fc-${width}`, withFixed(fc, { width }))),
  ...fcWidths.map((width) => named(`fc-${width}-orth`, withFixed(fcOrthogonal, { width }))),
  named('conv', conv),
  named('conv-orth', convOrthogonal),
  ...resnetDepths.map((depth) => named(`resnet${depth}`, withFixed(resnet, { depth }))),
  ...resnetDepths.map((depth) => named(`wide-resnet${depth}`, withFixed(resnet, { depth, widen: 2 }))),
  named('resnet18', resnet18),
  named('wide-resnet18', wideResnet18),
  named('wrn-22-2', wrn22x2),
  ...vggDepths.flatMap((depth) => vggForms(depth)),
]);

function vggForms(depth: VggOptions['depth']): [string, Architecture][] {
  return [
    named(`vgg${depth}`, withFixed(vgg, { depth })),
    named(`vgg${depth}-bn`, withFixed(vgg, { depth, batchNorm: true })),
    named(`vgg${depth}-tiny`, withFixed(vgg, { depth, form: 'tiny' })),
    named(`vgg${depth}-bn-tiny`, withFixed(vgg, { depth, batchNorm: true, form: 'tiny' })),
  ];
}

function named(name: string, architecture: Architecture): [string, Architecture] {
  return [name, architecture];
}

/**
 * Gives a model of one's own a name for this process, by which `buildNetwork` finds it. Runs and sweeps know it where a plug-in
 * registers it; `model: { name, options: { … } }` there gives it options.
 *
 * @returns takes it out again
 * @throws `invalid model; …` for the name of another, or what is no function
 */
export function registerModel(name: string, architecture: Architecture): () => void {
  if (typeof architecture !== 'function') throw invalid(`model ${name}`, 'not a function', architecture);
  if (name === 'fc') throw invalid('model', 'comes with the library, take another name', name);
  return register('model', architectures as Record<string, Architecture>, name, architecture);
}

/**
 * The network called `name`: `fc-100` … `fc-5000`, `conv`, `resnet20` … `resnet110`, `resnet18`, `wrn-22-2`, `vgg11` … `vgg19-bn`;
 * with `-orth`, `wide-` and `-tiny` as {@link architectures} lists them.
 *
 * @throws `invalid model; unknown, did you mean …` for another name, and the like for an option that it does not have
 */
export function buildNetwork(name: string, options: NamedModelOptions = {}): Network {
  const architecture = lookUp('model', architectures, name);
  if (!isRegistered(architectures, name))
    checkNames(name, options, { input: 1, classes: 1, identityWeights: 1, shortcut: 1 });
  return architecture(options);
}
