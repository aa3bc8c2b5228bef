import { mapRecord } from '../../tensor';
import type { Network, ParameterSpec } from '../graph';
import { isTrained } from '../isTrained';
import type { Mask } from '../mask';
import { type Node, opOf, type Values } from '../ops';
import type { Params } from '../params';

/**
 * What has to stay equal: the outputs for every input (`inference`), also those after any steps of training (`training`), or
 * the sums over paths, into which biases and shifts do not enter (`paths`).
 */
export type CompactMode = 'inference' | 'training' | 'paths';

/** How single entries of parameters change in a training. */
export interface Movement {
  /** Whether a gradient changes an entry of a parameter; by default those of all trained parameters. */
  moves?: (name: string, index: number) => boolean;
  /** Whether an entry of this value changes without a gradient, by weight decay or momentum; by default where it is not 0. */
  drifts?: (name: string, index: number, value: number) => boolean;
}

/** A masked network as numbers. */
export interface Setting {
  readonly network: Network;
  readonly mode: CompactMode;
  /** Of every parameter, pruned weights at 0. */
  readonly values: Values;
  /** Of the layers that mix channels, by id. */
  readonly links: ReadonlyMap<string, Links>;
  readonly movement: Required<Movement>;
}

/** Which channels of a layer's input go into which of its value. */
export interface Links {
  readonly kernel: string;
  /** For each channel of the value where its links begin, and where the last one's end. */
  readonly starts: Uint32Array;
  /** The input, within its group, of each link; there is one where a weight of any tap is kept. */
  readonly from: Uint32Array;
  /** Inputs of a group. */
  readonly inputs: number;
  readonly outputs: number;
  readonly groups: number;
}

export function settingOf(
  network: Network,
  params: Params,
  mask: Mask | undefined,
  mode: CompactMode,
  { moves, drifts }: Movement,
): Setting {
  const specs = new Map(network.parameters.map((spec) => [spec.name, spec]));
  const bits = mapRecord(mask ?? {}, (kept) => kept.dataSync());
  const values = Object.fromEntries(
    network.parameters.map(({ name }) => {
      const all = params[name].dataSync();
      return [name, bits[name] ? masked(all, bits[name]) : all];
    }),
  );
  const links = new Map<string, Links>();
  for (const node of network.nodes) {
    const spec = kernelOf(node, specs);
    if (!spec) continue;
    // A weight that is kept and 0 comes to move in training.
    const kept = mode === 'training' ? bits[spec.name] : values[spec.name];
    links.set(node.id, linksOf(spec, kept));
  }
  const trains = (name: string) => isTrained(specs.get(name) as ParameterSpec);
  return {
    network,
    mode,
    values,
    links,
    movement: {
      moves: (name, index) => trains(name) && (moves?.(name, index) ?? true),
      drifts: (name, index, value) => trains(name) && (drifts?.(name, index, value) ?? value !== 0),
    },
  };
}

function masked(values: ArrayLike<number>, kept: ArrayLike<number>): Float32Array {
  const left = Float32Array.from(values);
  for (let i = 0; i < left.length; i++) if (kept[i] === 0) left[i] = 0;
  return left;
}

/** The kernel of a layer that mixes channels. */
function kernelOf(node: Node, specs: ReadonlyMap<string, ParameterSpec>): ParameterSpec | undefined {
  const spec = specs.get(opOf(node).weight?.(node) ?? '');
  return spec?.role === 'kernel' ? spec : undefined;
}

/** @param bits of each weight, 0 where it is not kept; all are kept by default */
function linksOf({ name, shape, groups = 1 }: ParameterSpec, bits?: ArrayLike<number>): Links {
  const [inputs, outputs] = shape.slice(-2);
  const size = inputs * outputs;
  const isKept = new Uint8Array(size);
  if (!bits) isKept.fill(1);
  else
    for (let start = 0; start < bits.length; start += size)
      for (let link = 0; link < size; link++) if (bits[start + link] !== 0) isKept[link] = 1;
  const starts = new Uint32Array(outputs + 1);
  for (let link = 0; link < size; link++) starts[(link % outputs) + 1] += isKept[link];
  for (let output = 0; output < outputs; output++) starts[output + 1] += starts[output];
  const from = new Uint32Array(starts[outputs]);
  const next = starts.slice();
  for (let input = 0, link = 0; input < inputs; input++)
    for (let output = 0; output < outputs; output++, link++) if (isKept[link]) from[next[output]++] = input;
  return { kernel: name, starts, from, inputs, outputs, groups };
}

/** Visits the links into a channel of a layer's value: the channel of its input, and where its weight of the first tap is. */
export function forEachLink(
  { starts, from, inputs, outputs, groups }: Links,
  output: number,
  visit: (channel: number, weight: number) => void,
): void {
  const first = Math.floor((output * groups) / outputs) * inputs;
  for (let at = starts[output]; at < starts[output + 1]; at++)
    visit(first + from[at], from[at] * outputs + output);
}
