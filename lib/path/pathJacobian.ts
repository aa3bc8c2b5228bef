import { checkNames, invalid, kindOf, lookUp, product } from '../base';
import { checkNetwork, type Network, parameterShapes } from '../network';
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

/**
 * The derivative of each path's value by each weight: the product of the path's other weights, without a division.
 *
 * @param paths of this network, as `enumeratePaths` lists them
 * @throws `invalid paths; …` for those of another network, and where J takes more than 2 GiB; `invalid parameter; unknown, …`
 */
export function pathJacobian(
  network: Network,
  paths: readonly Path[],
  options: JacobianOptions = {},
): PathJacobian {
  checkNames('pathJacobian', options, { parameters: 1, constants: 1 });
  const { parameters = namesOfKernels(network), constants = false } = options;
  if (!Array.isArray(paths as unknown))
    throw invalid('paths', 'not a list as enumeratePaths gives it', kindOf(paths));
  const shapes = parameterShapes(network);
  for (const name of parameters) lookUp('parameter', shapes, name);
  const offsets = new Map<string, number>();
  const columns: PathJacobian['columns'] = [];
  for (const { name, shape } of network.parameters) {
    if (!parameters.includes(name)) continue;
    offsets.set(name, columns.length);
    for (let index = 0; index < product(shape); index++) columns.push({ name, index });
  }
  checkMemory(paths.length, columns.length, 'weights');
  const sizes = new Map(network.parameters.map(({ name, shape }) => [name, product(shape)]));
  const rows = paths.map(({ weights, constant }) => {
    const row = new Float64Array(columns.length);
    weights.forEach(({ name, index }, i) => {
      if (!(index < (sizes.get(name) ?? 0)))
        throw invalid('paths', `${network.name} has no weight`, `${name}[${index}]`);
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

function namesOfKernels(network: Network): string[] {
  checkNetwork(network);
  return network.parameters.filter(({ role }) => role === 'kernel').map(({ name }) => name);
}

/**
 * The Path Kernel Π = J Jᵀ, `[paths][paths]` (arXiv 2101.10552): weight by weight, as few paths share one.
 *
 * @throws `invalid paths; …` where Π takes more than 2 GiB
 */
export function pathKernel(jacobian: PathJacobian): Float64Array[] {
  if (!Array.isArray(jacobian?.rows))
    throw invalid('jacobian', 'not what pathJacobian gives', kindOf(jacobian));
  const { rows } = jacobian;
  const count = rows.length;
  checkMemory(count, count, 'paths');
  const kernel = rows.map(() => new Float64Array(count));
  for (let column = 0; column < (rows[0]?.length ?? 0); column++) {
    const sharing = rows.flatMap((row, path) => (row[column] === 0 ? [] : [path]));
    for (const a of sharing) for (const b of sharing) kernel[a][b] += rows[a][column] * rows[b][column];
  }
  return kernel;
}

/** GiB that one matrix may take. */
const MOST = 2;

function checkMemory(paths: number, columns: number, what: string): void {
  const size = (paths * columns * Float64Array.BYTES_PER_ELEMENT) / 2 ** 30;
  const rule = `a matrix of ${paths} paths × ${columns} ${what} takes more than ${MOST} GiB, mask more weights`;
  if (!(size <= MOST)) throw invalid('paths', rule, `${size.toFixed(1)} GiB`);
}
