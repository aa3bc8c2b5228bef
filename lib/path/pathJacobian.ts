import { checkNames, product } from '../base';
import type { Network } from '../network';
import type { Path } from './enumeratePaths';

export interface JacobianOptions {
  /** Names of the parameters to differentiate by; the kernels by default. */
  parameters?: readonly string[];
  /** Whether the value of a path includes its fixed factors (average pools, batch norm's 1/√(σ² + ε)); `false` by default. */
  constants?: boolean;
}

/** J = ∂v/∂θ of enumerated paths. */
export interface PathJacobian {
  /** Which weight each column is: parameters in order, their entries row-major. */
  columns: { name: string; index: number }[];
  /** `[paths][columns]`: the product of the other weights on the path, 0 for weights it does not use. */
  rows: Float64Array[];
}

/** The derivative of each path's value by each weight: the product of the path's other weights, without a division. */
export function pathJacobian(
  network: Network,
  paths: readonly Path[],
  options: JacobianOptions = {},
): PathJacobian {
  checkNames('pathJacobian', options, { parameters: 1, constants: 1 });
  const { parameters = namesOfKernels(network), constants = false } = options;
  const offsets = new Map<string, number>();
  const columns: PathJacobian['columns'] = [];
  for (const { name, shape } of network.parameters) {
    if (!parameters.includes(name)) continue;
    offsets.set(name, columns.length);
    for (let index = 0; index < product(shape); index++) columns.push({ name, index });
  }
  const rows = paths.map(({ weights, constant }) => {
    const row = new Float64Array(columns.length);
    weights.forEach(({ name, index }, i) => {
      const offset = offsets.get(name);
      if (offset === undefined) return;
      let derivative = constants ? constant : 1;
      weights.forEach(({ value: factor }, j) => {
        if (j !== i) derivative *= factor;
      });
      row[offset + index] = derivative;
    });
    return row;
  });
  return { columns, rows };
}

function namesOfKernels({ parameters }: Network): string[] {
  return parameters.filter(({ role }) => role === 'kernel').map(({ name }) => name);
}

/** The Path Kernel Π = J Jᵀ, `[paths][paths]` (arXiv 2101.10552). */
export function pathKernel({ rows }: PathJacobian): Float64Array[] {
  return rows.map((a) => Float64Array.from(rows, (b) => a.reduce((sum, value, i) => sum + value * b[i], 0)));
}
