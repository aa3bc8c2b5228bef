import { oneHot, tf } from '../../tensor';
import type { Network } from '../graph';
import { type ExampleGradients, type ForwardContext, opOf } from '../ops';
import { checkInput, checkParams, type Params } from '../params';
import { walk } from './walk';

/**
 * The gradients of every output of every example by each parameter, in inference: one pass forward, and one backward with all
 * outputs of an example as so many cotangents. For a compiled function, which leaves out what nothing comes of.
 *
 * @param names the parameters
 * @param x `[examples, ...network.input]`
 * @returns by parameter, in order of the outputs for each example; a parameter that no output depends on has none
 */
export function exampleGradients(
  network: Network,
  params: Params,
  names: readonly string[],
  x: tf.Tensor,
): Record<string, ExampleGradients> {
  checkInput(network, x);
  checkParams(network, params);
  const context: ForwardContext = { params, x, mode: 'inference' };
  const [examples] = x.shape;
  const outputs = network.classes;
  return tf.tidy(() => {
    const values = new Map<string, tf.Tensor>();
    walk(network, (node, inputs: tf.Tensor[]) => {
      const value = opOf(node).forward(node, inputs, context);
      values.set(node.id, value);
      return value;
    });
    const unit = oneHot(tf.range(0, outputs, 1, 'int32') as tf.Tensor1D, outputs); // [outputs, outputs]
    const last = network.nodes[network.nodes.length - 1].id;
    const cotangents = new Map([[last, unit.tile([examples, 1])]]); // [examples · outputs, ...shape]
    const moved = movedBy(network, names);
    const found: Record<string, ExampleGradients> = {};
    for (const node of [...network.nodes].reverse()) {
      const dy = cotangents.get(node.id);
      if (dy === undefined || !moved.has(node.id)) continue;
      cotangents.delete(node.id);
      const op = opOf(node);
      const inputs = node.inputs.map((id) => values.get(id) as tf.Tensor);
      const each = dy.reshape([examples, outputs, ...dy.shape.slice(1)]);
      const own = op.gradients?.(node, { inputs, cotangents: each }, context) ?? {};
      for (const [name, gradients] of Object.entries(own)) if (names.includes(name)) found[name] = gradients;
      if (!node.inputs.some((id) => moved.has(id))) continue;
      const read = inputs.map((value) => repeated(value, outputs));
      const { grads } = tf.engine().gradients(() => op.forward(node, read, context), read, dy, true);
      node.inputs.forEach((id, i) => {
        if (!moved.has(id) || grads[i] === null) return;
        const before = cotangents.get(id);
        cotangents.set(id, before ? before.add(grads[i]) : grads[i]);
      });
    }
    return found as never;
  }) as unknown as Record<string, ExampleGradients>;
}

/** The nodes whose value depends on one of the parameters. */
function movedBy(network: Network, names: readonly string[]): ReadonlySet<string> {
  const owners = new Set(
    network.parameters.filter(({ name }) => names.includes(name)).map(({ layer }) => layer),
  );
  const moved = new Set<string>();
  for (const { id, inputs } of network.nodes)
    if (owners.has(id) || inputs.some((input) => moved.has(input))) moved.add(id);
  return moved;
}

/** Each row several times in turn. */
function repeated(x: tf.Tensor, times: number): tf.Tensor {
  const [rows, ...shape] = x.shape;
  return x
    .expandDims(1)
    .tile([1, times, ...shape.map(() => 1)])
    .reshape([rows * times, ...shape]);
}
