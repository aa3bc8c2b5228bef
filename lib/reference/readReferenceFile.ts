import { basename, dirname } from 'node:path';
import { invalid } from '../base';
import type { Fields } from './jsonFields';
import { type KindName, kinds } from './kinds';
import { readFields } from './readFields';

/** A file of reference numbers: its name for messages and its fields as they stand. */
export interface ReferenceFile {
  readonly name: string;
  /** Where it lies, for files that refer to others. */
  readonly folder: string;
  /** What its fields mean; absent in files of one network that pruning and the paper ask about. */
  readonly kind?: KindName;
  readonly fields: Fields;
}

/**
 * Reads a file of reference numbers.
 *
 * @throws `invalid reference file; …` where it cannot be read, is not JSON, is of another kind or does not hold a network
 */
export function readReferenceFile(path: string): ReferenceFile {
  const fields = readFields(path);
  const { kind, models, network } = fields;
  if (kind !== undefined)
    return { name: basename(path), folder: dirname(path), kind: kindOf(kind, path), fields };
  if (network === undefined && models !== undefined)
    throw invalid('reference file', 'it lists architectures, not the numbers of one network', path);
  if (!Array.isArray(network))
    throw invalid('reference file', 'has no list `network` of nodes to evaluate', path);
  return { name: basename(path), folder: dirname(path), fields };
}

function kindOf(kind: unknown, path: string): KindName {
  if (typeof kind === 'string' && Object.hasOwn(kinds, kind)) return kind as KindName;
  throw invalid(
    'reference file',
    `of the kind ${JSON.stringify(kind)}, which nothing here is compared with`,
    path,
  );
}
