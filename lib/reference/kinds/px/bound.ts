import { product } from '../../../base';
import { gatedPass, type Network, nodeShapes, opOf } from '../../../network';
import { empiricalNtk } from '../../../ntk';
import { pathKernelTrace } from '../../../path';
import { compiled, mapRecord, readDoubles, tf } from '../../../tensor';
import type { Check } from '../../checks/check';
import { compareValues } from '../../checks/values';
import type { Subject } from '../../subject';
import { tolerancesOf } from '../../tolerances';
import { dataOf } from './findings';

/** The bound Tr Θ ≤ ‖J_v‖² Tr Π, the constants of pools in its first factor. */
export const checkBound: Check = async function* (subject, fields) {
  const { network, params } = subject;
  const { inputs } = dataOf(subject);
  const { values, shape } = await empiricalNtk(network, params, inputs, null, {
    outputs: 'trace',
    precision: 'double',
  });
  const ntk = Array.from({ length: shape[0] }, (_, n) => values[n * shape[0] + n]).reduce((a, b) => a + b, 0);
  const jacobian = normJv(subject);
  const pool = poolConstant(network);
  const paths = pathKernelTrace(network, params).value / pool;
  const found = {
    trace_ntk: ntk,
    norm_Jv_squared: jacobian,
    trace_path_kernel: paths,
    bound: jacobian * paths,
    tightness: ntk / (jacobian * paths),
    pool_constant: pool,
  };
  yield* compareValues(
    '',
    fields,
    mapRecord(found, (value) => () => value),
    tolerancesOf(subject),
  );
};

/** ‖∂f/∂v‖²: of every sample and output, the squares of x over the open paths, constants raised with them. */
function normJv(subject: Subject): number {
  const { network, params } = subject;
  const run = compiled(
    ({ params: at, x }: { params: typeof params; x: tf.Tensor }) => {
      const ones = Object.fromEntries(
        network.parameters.map(({ name, role }) => [
          name,
          /mean|variance/.test(role) ? at[name] : tf.onesLike(at[name]),
        ]),
      );
      const gated = { s: ones, y: x.square(), power: 2, policy: { constants: 'power' } } as const;
      return gatedPass(network, at, x, gated).sum();
    },
    { precision: 'double' },
  );
  const sum = run({ params, x: dataOf(subject).inputs });
  const [value] = readDoubles(sum);
  sum.dispose();
  run.dispose();
  return value;
}

/** What pools divide by on every path, once. */
function poolConstant(network: Network): number {
  const factors = network.nodes.map((node) => {
    const op = opOf(node);
    return op.weight === null ? (op.factor?.(node, nodeShapes(network, node), {})(0, -1) ?? 1) : 1;
  });
  return product(factors);
}
