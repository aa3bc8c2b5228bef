import type { PathKernelSpectrum } from '../../../path';
import { compareValues } from '../../checks/values';
import type { Comparison } from '../../comparison';
import { flatWeights } from '../../flatWeights';
import { type Fields, isNumbers } from '../../jsonFields';
import type { Subject } from '../../subject';
import { compareParts } from './compareParts';
import { EXACT, relative } from './limits';

/** Of eigenvectors, whose error is that of their products over the distance of eigenvalues. */
const VECTOR = 1e-5;

/** The leading eigenvector, its entry of largest magnitude positive, in the file's order of the weights. */
export function* compareLeadingVector(
  subject: Subject,
  prefix: string,
  fields: Fields,
  { eigenvectors, perLayer }: PathKernelSpectrum,
): Generator<Comparison> {
  const [first] = eigenvectors;
  if (first?.index !== 1) return; // of a repeated eigenvalue it is not defined
  const flat = flatWeights(subject, first.parts);
  let largest = 0;
  flat.forEach((entry, i) => {
    if (Math.abs(entry) > Math.abs(flat[largest])) largest = i;
  });
  const sign = Math.sign(flat[largest]);
  const at = isNumbers(fields.at) ? fields.at : [];
  const found = at.map((_, j) => sign * flat[Math.floor((j * flat.length) / at.length)]);
  // Entries are of a vector of length 1: errors count against its largest entry.
  const size = Math.abs(flat[largest]);
  const error = Math.max(...found.map((entry, j) => Math.abs(entry - at[j]) / size));
  yield relative(`${prefix}at`, error, VECTOR);
  yield* compareValues(prefix, fields, { largest_entry_index: () => largest }, EXACT);
  const masses = Object.fromEntries(
    perLayer.filter(({ index }) => index === 1).map(({ name, mass }) => [name, mass]),
  );
  yield* compareParts(`${prefix}mass_by_tensor`, masses, fields.mass_by_tensor, VECTOR);
}
