import { defineNetwork } from './defineNetwork';
import type { Network, Shape } from './graph';
import { type LayerOptions, type Node, type Op, type OpName, ops } from './ops';

/** For each op a method that adds a node and returns its id. */
type Methods = {
  readonly [O in Exclude<OpName, 'input'>]: (id: string, ...args: ArgumentsOf<(typeof ops)[O]>) => string;
};

// biome-ignore lint/suspicious/noExplicitAny: of whatever nodes it makes
type ArgumentsOf<O> = O extends Op<any, infer Arguments> ? Arguments : never;

/** Writes a network layer by layer: a method for each op, which adds a node by an id and returns that. */
export interface GraphBuilder extends Methods {
  /** Id of the input. */
  readonly input: string;
  /** The finished network; its output is the node added last. */
  build(name: string): Network;
}

/** A builder for networks that read samples of shape `input`: `[features]` or `[height, width, channels]`. */
export function graphBuilder(input: Shape): GraphBuilder {
  const nodes: Node[] = [ops.input.node('input', input)];
  const methods = Object.entries(ops).map(([name, { node }]) => {
    const make = node as (id: string, ...args: readonly unknown[]) => Node;
    const add = (id: string, ...args: readonly unknown[]) => {
      nodes.push({ ...make(id, ...args), ...flagsOf(args.at(-1)) });
      return id;
    };
    return [name, add];
  });
  return {
    ...(Object.fromEntries(methods) as Methods),
    input: 'input',
    build: (name) => defineNetwork(name, nodes),
  };
}

/** What the options of any layer may say of pruning and training, where it is not the default. */
function flagsOf(options: unknown): Pick<Node, 'prunable' | 'trainable'> {
  const { prunable, trainable } = (Object(options) as LayerOptions) ?? {};
  return {
    ...(prunable === false && { prunable }),
    ...(trainable === false && { trainable }),
  };
}
