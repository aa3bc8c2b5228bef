import { kernelsOf, type Network } from '../../network';
import { enumeratePaths, type Path, pathJacobian } from '../../path';
import { type Comparison, relativeError, worst } from '../comparison';
import { isNumbers } from '../jsonFields';
import { placesInFile } from '../placesInFile';
import type { Subject } from '../subject';
import { tolerancesOf } from '../tolerances';
import type { Check } from './check';

/**
 * Every path of a network of dense layers one by one: its units, its value and its row of J, in the order of the units from
 * the input to the output, the input slowest.
 */
export const checkListedPaths: Check = (subject, file) => {
  const { paths: units, pi, J_rows: rows } = file;
  if (units === undefined && pi === undefined && rows === undefined) return [];
  if (!subject.network.nodes.every(({ op }) => op === 'input' || op === 'dense' || op === 'relu')) return [];
  const found = enumeratePaths(subject.network, subject.params)
    .map((path) => ({ path, units: unitsOn(subject.network, path) }))
    .sort((a, b) => compareUnits(a.units, b.units));
  const tolerance = tolerancesOf(subject).value;
  const compared: Comparison[] = [];
  if (units !== undefined)
    compared.push({
      quantity: 'paths',
      error: differing(
        found.map((path) => path.units),
        units,
      ),
      tolerance: 0,
      measure: 'entries',
    });
  const paths = found.map(({ path }) => path);
  if (pi !== undefined)
    compared.push({
      quantity: 'pi',
      error: relativeError(
        paths.map(({ value }) => value),
        pi,
      ),
      tolerance,
      measure: 'relative',
    });
  if (rows !== undefined)
    compared.push({
      quantity: 'J_rows',
      error: rowError(subject, paths, rows),
      tolerance,
      measure: 'relative',
    });
  return compared;
};

/** The input coordinate, the hidden units and the output that a path goes through. */
function unitsOn(network: Network, { input, weights }: Path): number[] {
  const widths = new Map(kernelsOf(network).map(({ name, shape }) => [name, shape[1]]));
  return [input, ...weights.map(({ name, index }) => index % widths.get(name)!)];
}

function compareUnits(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((unit, k) => unit !== b[k]);
  return i < 0 ? 0 : a[i] - b[i];
}

function differing(found: readonly number[][], expected: unknown): number {
  if (!Array.isArray(expected) || expected.length !== found.length) return Number.POSITIVE_INFINITY;
  return found.filter((units, p) => JSON.stringify(units) !== JSON.stringify(expected[p])).length;
}

/** J row by row as pairs [weight, derivative], weights counted through the tensors in the file's order and layout. */
function rowError(subject: Subject, paths: readonly Path[], expected: unknown): number {
  if (!Array.isArray(expected) || expected.length !== paths.length) return Number.POSITIVE_INFINITY;
  const { columns, rows } = pathJacobian(subject.network, paths);
  const places = placesInFile(subject);
  return worst(rows, (row, p) => {
    const theirs: unknown = expected[p];
    if (!Array.isArray(theirs) || !theirs.every(isNumbers)) return Number.POSITIVE_INFINITY;
    const ours = columns
      .map(({ name, index }, i) => [places[name][index], row[i]])
      .filter(([, derivative]) => derivative !== 0)
      .sort(([a], [b]) => a - b);
    const sorted = [...theirs].sort(([a], [b]) => a - b);
    if (ours.map(([place]) => place).join() !== sorted.map(([place]) => place).join())
      return Number.POSITIVE_INFINITY;
    return relativeError(
      ours.map(([, derivative]) => derivative),
      sorted.map(([, derivative]) => derivative),
    );
  });
}
