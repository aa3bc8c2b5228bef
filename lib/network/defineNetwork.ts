import { invalid } from '../base';
import type { Network, ParameterSpec, Shape } from './graph';
import { type Node, opOf } from './ops';

/**
 * Makes a network of its nodes: checks the graph, infers shapes and lists the parameters.
 *
 * @param name what it is called in tables and figures
 * @param nodes in topological order; the first is the input, the last the output of shape `[classes]`
 * @throws `invalid network; RULE: NODE` for a duplicate or unknown id, a misplaced input, sizes that are not positive
 *   whole numbers, shapes that do not fit, a parameter name used twice, or an output that is not a vector
 */
export function defineNetwork(name: string, nodes: readonly Node[]): Network {
  const shapes: Record<string, Shape> = {};
  const parameters: ParameterSpec[] = [];
  nodes.forEach((node, index) => {
    if ((node.op === 'input') !== (index === 0))
      throw invalid('network', 'the input node comes first, once', node.id);
    if (Object.hasOwn(shapes, node.id)) throw invalid('network', 'id used twice', node.id);
    const inputs = node.inputs.map((id) => {
      if (!Object.hasOwn(shapes, id))
        throw invalid('network', `${node.id} reads a node not defined before it`, id);
      return shapes[id];
    });
    checkArity(node);
    const op = opOf(node);
    shapes[node.id] = op.shape(node, inputs);
    const { prunable, trainable } = node;
    const flags = { ...(prunable === false && { prunable }), ...(trainable === false && { trainable }) };
    for (const spec of op.parameters(node, inputs)) parameters.push({ ...spec, layer: node.id, ...flags });
  });
  const first = nodes[0];
  if (first?.op !== 'input') throw invalid('network', 'needs an input node', name);
  const names = new Set<string>();
  for (const { name: parameter } of parameters) {
    if (names.has(parameter)) throw invalid('network', 'parameter name used twice', parameter);
    names.add(parameter);
  }
  const last = nodes[nodes.length - 1];
  const output = shapes[last.id];
  if (output.length !== 1)
    throw invalid('network', `the output must be a vector, ${last.id} has shape`, output);
  return { name, nodes, input: first.shape, classes: output[0], shapes, parameters };
}

function checkArity(node: Node): void {
  const { op, inputs } = node;
  const { arity } = opOf(node);
  const [least, most] = { none: [0, 0], one: [1, 1], several: [2, Number.POSITIVE_INFINITY] }[arity];
  if (!(least <= inputs.length && inputs.length <= most))
    throw invalid('network', `wrong number of inputs to ${op} ${node.id}`, inputs.length);
}
