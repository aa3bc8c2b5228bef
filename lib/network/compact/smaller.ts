import { tf } from '../../tensor';
import { defineNetwork } from '../defineNetwork';
import type { ParameterSpec } from '../graph';
import { channelsOf } from '../joinChannels';
import { kernelsOf, type Mask } from '../mask';
import { nodeShapes } from '../nodeShapes';
import { type Node, opOf } from '../ops';
import type { Params } from '../params';
import { carriedBias } from './carriedBias';
import type { Compacted } from './compact';
import { cutShape, placesOf, take } from './cut';
import type { Facts } from './facts';
import type { Left } from './removable';
import type { Setting } from './setting';

/** The network of the channels that are left, with its parameters; in inference, constants that are gone are in its biases. */
export function smaller(
  setting: Setting,
  facts: Facts,
  { kept }: Left,
  params: Params,
  mask: Mask | undefined,
): Pick<Compacted, 'network' | 'params' | 'mask' | 'origin'> {
  const { network, mode, links } = setting;
  const left = (id: string) => kept.get(id) as readonly number[];
  const origin: Record<string, Uint32Array> = {};
  const small: Params = {};
  const smallMask: Mask = {};
  const kernels = new Set(kernelsOf(network).map(({ name }) => name));
  const nodes = network.nodes.map((node): Node => {
    const isWhole = [...node.inputs, node.id].every((id) => left(id).length === channelsOf(network, id));
    const channels = { inputs: node.inputs.map(left), output: left(node.id) };
    const narrowed = isWhole ? node : opOf(node).channels.narrow(node, channels, nodeShapes(network, node));
    for (const spec of network.parameters.filter(({ layer }) => layer === node.id)) cutParameter(node, spec);
    return mode === 'inference' && links.has(node.id)
      ? withBias(narrowed, carriedBias(setting, facts, node, channels))
      : narrowed;
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

  /** A layer with these biases; one that has none, and needs none, as it is. */
  function withBias(node: Node, values: readonly number[]): Node {
    const own = opOf(node).shift?.(node);
    if (own === undefined && values.every((value) => value === 0)) return node;
    let bias = own ?? `${node.id}/bias`;
    while (own === undefined && network.parameters.some(({ name }) => name === bias)) bias += "'";
    small[bias]?.dispose();
    small[bias] = tf.tensor1d([...values]);
    return { ...node, bias } as Node;
  }
}

/** What is made of a tensor, which is disposed of. */
function replaced(tensor: tf.Tensor, make: (tensor: tf.Tensor) => tf.Tensor): tf.Tensor {
  const made = tf.tidy(() => make(tensor));
  tensor.dispose();
  return made;
}
