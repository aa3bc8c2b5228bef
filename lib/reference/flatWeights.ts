import { placesInFile } from './placesInFile';
import type { Subject } from './subject';

/** Numbers by kernel as one list over all weights, in the file's order. */
export function flatWeights(subject: Subject, parts: Readonly<Record<string, Float64Array>>): Float64Array {
  const places = placesInFile(subject);
  const flat = new Float64Array(Object.values(places).reduce((sum, { length }) => sum + length, 0));
  for (const [name, values] of Object.entries(parts))
    values.forEach((value, i) => {
      flat[places[name][i]] = value;
    });
  return flat;
}
