import { symmetricEigen } from '../../linalg';
import { enumeratePaths, type Path, pathJacobian } from '../../path';
import { absoluteError, type Comparison, relativeError, worst } from '../comparison';
import { type Fields, isFields, isNumbers } from '../jsonFields';
import type { Subject } from '../subject';
import { tolerancesOf } from '../tolerances';
import type { Check } from './check';
import { compareValues } from './values';

/** Path Kernels by field, and whether the fixed factors of average pools belong to the value of a path. */
const KERNELS: Readonly<Record<string, boolean>> = {
  path_kernel: false,
  path_kernel_plain: false,
  path_kernel_with_pool_constant: true,
};

/** The most paths enumerated, about a gigabyte of them. */
const LIMIT = 1_000_000;

/** The Path Kernel of all paths, enumerated: its trace, spectrum, norm and rank, and sums over path values. */
export const checkPathKernels: Check = (subject, file) => {
  const listed = Object.entries(KERNELS).flatMap(([name, constants]) => {
    const fields = file[name];
    return isFields(fields) && 'nonzero_eigenvalues' in fields ? [{ name, constants, fields }] : [];
  });
  const hasSums = SUMS.some((name) => file[name] !== undefined);
  if (listed.length === 0 && !hasSums) return [];
  const paths = enumeratePaths(subject.network, subject.params, { limit: LIMIT });
  const sum = (of: (value: number) => number) => paths.reduce((total, { value }) => total + of(value), 0);
  return [
    ...compareValues(
      '',
      file,
      {
        c: () => paths[0].constant,
        sum_abs_pi: () => sum(Math.abs),
        sum_pi_squared: () => sum((value) => value * value),
      },
      tolerancesOf(subject),
    ),
    ...listed.flatMap(({ name, constants, fields }) =>
      compareKernel(subject, paths, `${name}.`, fields, constants),
    ),
  ];
};

const SUMS = ['c', 'sum_abs_pi', 'sum_pi_squared'];

function compareKernel(
  subject: Subject,
  paths: readonly Path[],
  prefix: string,
  fields: Fields,
  constants: boolean,
): Comparison[] {
  const gram = gramMatrix(subject, paths, constants);
  const all = symmetricEigen(gram).values;
  const eigenvalues = [...all].filter((value) => value > CUT * all[0]);
  const trace = gram.reduce((sum, row, i) => sum + row[i], 0);
  const frobenius = Math.sqrt(gram.reduce((sum, row) => sum + row.reduce((s, x) => s + x * x, 0), 0));
  const tolerances = tolerancesOf(subject);
  const compared = compareValues(
    prefix,
    fields,
    {
      trace: () => trace,
      frobenius: () => frobenius,
      trace_from_eigenvalues: () => eigenvalues.reduce((sum, value) => sum + value, 0),
      frobenius_from_eigenvalues: () => Math.sqrt(eigenvalues.reduce((sum, value) => sum + value ** 2, 0)),
    },
    tolerances,
  );
  const counts = {
    rank: () => eigenvalues.length,
    parameters: () => gram.length,
    paths: () => paths.length,
  };
  compared.push(...compareValues(prefix, fields, counts, { value: 0, logarithm: 0 }));
  const { nonzero_eigenvalues: expected, log10_nonzero_eigenvalues: logarithms } = fields;
  if (expected !== undefined)
    compared.push({
      quantity: `${prefix}nonzero_eigenvalues`,
      error: relativeError(eigenvalues, expected),
      tolerance: tolerances.value,
      measure: 'relative',
    });
  if (logarithms !== undefined)
    compared.push({
      quantity: `${prefix}log10_nonzero_eigenvalues`,
      error: logarithmError(eigenvalues, logarithms),
      tolerance: tolerances.logarithm,
      measure: 'absolute',
    });
  return compared;
}

/** Eigenvalues below this share of the largest count as 0. */
const CUT = 1e-12;

function logarithmError(eigenvalues: readonly number[], expected: unknown): number {
  if (!isNumbers(expected) || expected.length !== eigenvalues.length) return Number.POSITIVE_INFINITY;
  return worst(expected, (value, i) => absoluteError(Math.log10(eigenvalues[i]), value));
}

/** JᵀJ `[weights][weights]`, which has the nonzero eigenvalues of the Path Kernel J Jᵀ. */
function gramMatrix({ network }: Subject, paths: readonly Path[], constants: boolean): Float64Array[] {
  let gram: Float64Array[] = [];
  for (let start = 0; start < paths.length; start += CHUNK) {
    const { columns, rows } = pathJacobian(network, paths.slice(start, start + CHUNK), { constants });
    if (start === 0) gram = columns.map(() => new Float64Array(columns.length));
    for (const row of rows) {
      const used = [...row.keys()].filter((i) => row[i] !== 0);
      for (const i of used) for (const j of used) gram[i][j] += row[i] * row[j];
    }
  }
  return gram;
}

/** Rows of J held at once. */
const CHUNK = 1000;
