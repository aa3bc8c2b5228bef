import {
  type Gates,
  type LinearPolicy,
  type Mask,
  type Network,
  type Node,
  opOf,
  type Power,
  type Values,
} from '../network';
import { mapRecord } from '../tensor';
import { alongEdges } from './alongEdges';

/**
 * The edges that a policy leaves open in the linear pass of ones at |θ|^power, by id of the nodes whose gates act under it.
 *
 * @param values of every parameter
 */
export function policyGates(
  network: Network,
  values: Values,
  power: Power,
  policy: Required<LinearPolicy>,
  mask?: Mask,
): ReadonlyMap<string, Gates> {
  const gates = new Map<string, Gates>();
  const isGated = network.nodes.some((node) => opOf(node).gate !== null && opOf(node).acts(policy));
  if (!isGated) return gates;
  const s = mapRecord(values, (of) => Float64Array.from(of, (value) => Math.abs(value) ** power));
  const isRaised = ({ op }: Node) =>
    policy.constants === 'power' || (op === 'batchNorm' && policy.batchNorm === 'fold');
  alongEdges<number>(
    network,
    {
      start: () => 1,
      none: () => 0,
      along(node, shapes, [input]) {
        const op = opOf(node);
        if (!op.acts(policy)) return (sum, term) => sum + term;
        const weights = s[op.weight?.(node) ?? ''];
        const factor = op.factor?.(node, shapes, values);
        const exponent = isRaised(node) ? power : 1;
        const gate = op.gate?.(node, shapes, input, s);
        if (gate) gates.set(node.id, gate);
        return (sum, term, from, to, weight) =>
          gate && gate.from[to] !== from
            ? sum
            : sum + term * (weights?.[weight] ?? 1) * (factor?.(to, weight) ?? 1) ** exponent;
      },
    },
    { mask },
  );
  return gates;
}
