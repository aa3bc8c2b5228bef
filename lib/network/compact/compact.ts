import { checkNames, lookUp } from '../../base';
import { tf } from '../../tensor';
import { defineNetwork } from '../defineNetwork';
import type { Network, ParameterSpec } from '../graph';
import { channelsOf } from '../joinChannels';
import { checkMask, kernelsOf, type Mask } from '../mask';
import { nodeShapes } from '../nodeShapes';
import { type Constant, type Node, opOf } from '../ops';
import { checkParams, type Params } from '../params';
import { type Constants, meetsOf, wholeWeight } from './constants';
import { cutShape, placesOf, take } from './cut';
import { type Facts, factsOf } from './facts';
import { type Left, removable } from './removable';
import { type CompactRow, reportOf } from './report';
import { type CompactMode, forEachLink, type Links, type Movement, type Setting, settingOf } from './setting';
import { warningsOf } from './warnings';

export type { CompactMode };

export interface CompactOptions extends Movement {
  /** What has to stay equal; `inference` by default. */
  mode?: CompactMode;
}

/** A masked network without what does nothing in it. */
export interface Compacted {
  network: Network;
  /** Of the smaller network, pruned weights at 0; the caller disposes of them. */
  params: Params;
  /** Of the smaller network; the caller disposes of it. */
  mask: Mask;
  /**
   * By name of a parameter, for each of its entries where it was in the original's tensor; names of which nothing was cut are
   * missing. Biases that carry constants on are in `params` only.
   */
  origin: Readonly<Record<string, Uint32Array>>;
  /** By id of the original's nodes, what each channel of its value is for every input; undefined where it varies. */
  constants: Constants;
  /** What became of each layer's channels. */
  report: CompactRow[];
  /** What is amiss: that no path is left, layers that are empty or useless, outputs that do not depend on the input. */
  warnings: string[];
}

/**
 * The smaller network that computes what a masked network does: without the units and channels that no output depends on, and
 * without those that are the same for every input, whose part goes on in the biases behind them. What it gives is equal but for
 * rounding, as sums are taken in another order.
 *
 *     const small = compact(network, params, mask);
 *     show(small.report);
 *     forward(small.network, small.params, images);
 *
 * In `training` only channels go that are 0 and stay so, or that nothing reads, so that gradients are equal too and remain so
 * after any steps: their weights get no gradient. What weight decay does to them in the meantime, and the running statistics of
 * channels that nothing reads, the smaller network does not know. Every layer keeps one channel at least.
 *
 * @param params stay the caller's
 * @param mask which weights are kept; all by default. Stays the caller's
 * @throws `invalid params; …`, `invalid mask; …` for those of another network
 */
export function compact(
  network: Network,
  params: Params,
  mask?: Mask,
  options: CompactOptions = {},
): Compacted {
  checkNames('compact', options, { mode: 1, moves: 1, drifts: 1 });
  const { mode = 'inference', ...movement } = options;
  lookUp('mode', { inference: 1, training: 1, paths: 1 }, mode);
  checkParams(network, params);
  if (mask) checkMask(network, mask);
  const setting = settingOf(network, params, mask, mode, movement);
  const facts = factsOf(setting);
  const left = removable(setting, facts);
  const { constants } = facts;
  const small = smaller(setting, facts, left, params, mask);
  return {
    ...small,
    constants,
    report: reportOf(setting, facts, left),
    warnings: warningsOf(setting, facts, small),
  };
}

function smaller(
  setting: Setting,
  facts: Facts,
  { kept }: Left,
  params: Params,
  mask: Mask | undefined,
): Omit<Compacted, 'constants' | 'report' | 'warnings'> {
  const { network, mode, links } = setting;
  const left = (id: string) => kept.get(id) as readonly number[];
  const origin: Record<string, Uint32Array> = {};
  const small: Params = {};
  const smallMask: Mask = {};
  const kernels = new Set(kernelsOf(network).map(({ name }) => name));
  const names = new Set(network.parameters.map(({ name }) => name));
  const nodes = network.nodes.map((node): Node => {
    const shapes = nodeShapes(network, node);
    const isWhole = [...node.inputs, node.id].every((id) => left(id).length === channelsOf(network, id));
    const narrowed = isWhole
      ? node
      : opOf(node).channels.narrow(node, { inputs: node.inputs.map(left), output: left(node.id) }, shapes);
    for (const spec of network.parameters.filter(({ layer }) => layer === node.id)) cutParameter(node, spec);
    const own = links.get(node.id);
    return own && mode === 'inference' ? folded(narrowed, own) : narrowed;
  });
  const made = defineNetwork(network.name, nodes);
  const { initialiser } = network;
  return {
    network: { ...made, ...(initialiser && { initialiser }) },
    params: small,
    mask: smallMask,
    origin,
  };

  function cutParameter(node: Node, { name, shape, role }: ParameterSpec): void {
    const axes: (readonly number[] | undefined)[] = shape.map(() => undefined);
    axes[shape.length - 1] = left(node.id);
    if (role === 'kernel' && links.get(node.id)?.groups === 1) axes[shape.length - 2] = left(node.inputs[0]);
    const places = placesOf(shape, axes);
    if (places) origin[name] = places;
    const cut = (tensor: tf.Tensor) =>
      places ? tf.tensor(take(tensor.dataSync(), places), cutShape(shape, axes)) : tensor.clone();
    const constants = links.get(node.id) && mode === 'inference' ? facts.constants.get(node.id) : undefined;
    /** Without the weights into what is constant, which is all in its bias. */
    const cleared = (tensor: tf.Tensor) => {
      const isVarying = left(node.id).map((channel) => (constants?.[channel] === undefined ? 1 : 0));
      if (role !== 'kernel' || isVarying.every(Boolean)) return tensor;
      return replaced(tensor, () => tensor.mul(tf.tensor1d(isVarying)));
    };
    small[name] = cleared(cut(params[name]));
    if (!kernels.has(name)) return;
    smallMask[name] = mask ? cleared(cut(mask[name])) : tf.onesLike(small[name]);
    if (mask) small[name] = replaced(small[name], (whole) => whole.mul(smallMask[name]));
  }

  /** A layer whose bias carries on what removed constants gave, and that computes no constant. */
  function folded(node: Node, own: Links): Node {
    const { shift } = opOf(node);
    const [input] = node.inputs;
    const before = setting.network.nodes.find(({ id }) => id === node.id) as Node;
    const meets = meetsOf(network, before);
    const read = facts.constants.get(input) as readonly Constant[];
    const goes = new Set(read.keys());
    for (const channel of left(input)) goes.delete(channel);
    const own_ = left(node.id).map((output) => {
      const constant = (facts.constants.get(node.id) as readonly Constant[])[output];
      if (constant !== undefined) return constant;
      const name = shift?.(before);
      let sum = name === undefined ? 0 : setting.values[name][output];
      forEachLink(own, output, (channel, link) => {
        const value = read[channel];
        if (!goes.has(channel) || value === undefined || value === 0) return;
        // Only where nothing needs the output does it read a constant that padding makes differ from place to place.
        sum += value * (wholeWeight(setting.values[own.kernel], own, link, meets) ?? 0);
      });
      return sum;
    });
    return withBias(node, own_);
  }

  function withBias(node: Node, values: readonly number[]): Node {
    const name = opOf(node).shift?.(node);
    if (name === undefined && values.every((value) => value === 0)) return node;
    if (!('kernel' in node)) return node;
    let bias = name ?? `${node.id}/bias`;
    while (name === undefined && names.has(bias)) bias += "'";
    small[bias]?.dispose();
    small[bias] = tf.tensor1d([...values]);
    return { ...node, bias };
  }
}

/** What is made of a tensor, which is disposed of. */
function replaced(tensor: tf.Tensor, make: (tensor: tf.Tensor) => tf.Tensor): tf.Tensor {
  const made = tf.tidy(() => make(tensor));
  tensor.dispose();
  return made;
}
