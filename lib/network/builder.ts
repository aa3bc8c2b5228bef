import { checkNames, invalid } from '../base';
import { isRecord } from '../base/isRecord';
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

/**
 * A builder for networks that read samples of shape `input`: `[features]` or `[height, width, channels]`. Its methods throw
 * `invalid options of OP ID; unknown, did you mean …` for an option that the op does not have.
 */
export function graphBuilder(input: Shape): GraphBuilder {
  const nodes: Node[] = [ops.input.node('input', input)];
  const methods = Object.entries(ops).map(([name, { node }]) => {
    const make = node as (id: string, ...args: readonly unknown[]) => Node;
    const add = (id: string, ...given: readonly unknown[]) => {
      const args = given.at(-1) === undefined ? given.slice(0, -1) : given;
      const options = args.at(-1);
      if (isRecord(options)) {
        const { noting, names } = noted(options);
        nodes.push({ ...make(id, ...args.slice(0, -1), noting), ...flagsOf(noting) });
        checkNames(`${name} ${id}`, options, names);
        return id;
      }
      const isLeftOut = make.length > 2 && args.length < 2; // of an op that cannot do without
      if (isLeftOut || (args.length > 0 && !isInput(options)))
        throw invalid(`options of ${name} ${id}`, 'not an object', isLeftOut ? undefined : options);
      nodes.push(make(id, ...args));
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
function flagsOf({ prunable, trainable }: LayerOptions): Pick<Node, 'prunable' | 'trainable'> {
  return {
    ...(prunable === false && { prunable }),
    ...(trainable === false && { trainable }),
  };
}

/** Options that note by which names they are read: those are the ones there are. */
function noted(options: object): { noting: object; names: Record<string, true> } {
  const names: Record<string, true> = {};
  const noting = new Proxy(options, {
    get(target, name) {
      names[String(name)] = true;
      return Reflect.get(target, name);
    },
  });
  return { noting, names };
}

/** The id of a node, or a list of them. */
function isInput(value: unknown): boolean {
  return typeof value === 'string' || Array.isArray(value);
}
