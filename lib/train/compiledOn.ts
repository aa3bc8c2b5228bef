import type { Network } from '../network';
import { type Compiled, compiled, compiledFor, type Inputs, type Results } from '../tensor';
import { computationOf } from './computationOf';

/** Networks built alike share their functions. */
const owner = {};

/**
 * A function of tensors on a network, compiled as {@link computationOf} says, and kept for the next who asks for it.
 *
 * @param key what `f` depends on besides the nodes of the network
 */
export function compiledOn<I extends Inputs, O extends Results>(
  network: Network,
  key: unknown,
  f: (inputs: I) => O,
): Compiled<I, O> {
  const computation = computationOf(network);
  return compiledFor(owner, [key, computation, network.nodes], () =>
    compiled(f, { xla: computation === 'compiled by XLA' }),
  );
}
