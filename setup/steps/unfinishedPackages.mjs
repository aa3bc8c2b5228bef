import { join } from 'node:path';
import { askVenv } from './askVenv.mjs';

/** The dist-info folders of packages that a killed pip left with files missing or cut short. */
export function unfinishedPackages(place) {
  const output = askVenv(place, [join(place.setup, 'unfinished.py')]) ?? '';
  return output.split('\n').filter(Boolean);
}
