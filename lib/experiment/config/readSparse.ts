import { invalid, lookUp } from '../../base';
import { sparseTrainings } from '../../train';
import { readSparseOptions } from '../../train/sparse/sparseTrainings';
import type { SparseConfig } from './config';
import { object, oneOf, type Reader, within } from './readers';

/** Reads the part `train.sparse` of a configuration, the method's defaults filled in. */
export const readSparse: Reader<SparseConfig> = (value, path) => {
  const given = object(value, path);
  if (given.method === undefined) throw invalid(`${path}.method`, 'is missing', given.method);
  const names = Object.keys(sparseTrainings) as SparseConfig['method'][];
  const method = oneOf(names)(given.method, `${path}.method`);
  const own = { method: 1, ...sparseTrainings[method].options };
  for (const key of Object.keys(given)) lookUp(`${path}.${key}`, own, key);
  const before = path.replace(/\.sparse$/, ''); // the library's messages begin with it
  return { method, ...within(before, () => readSparseOptions({ ...given, method })).settings };
};
