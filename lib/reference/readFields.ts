import { readFileSync } from 'node:fs';
import { invalid } from '../base';
import { unreadable } from '../base/readWhole';
import { type Fields, isFields } from './jsonFields';

/** @throws `invalid reference file; …` where it cannot be read or is not one JSON object */
export function readFields(path: string): Fields {
  const fields = parse(path, read(path));
  if (!isFields(fields)) throw invalid('reference file', 'must hold one JSON object', path);
  return fields;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw unreadable('reference file', path, cause);
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid('reference file', `is not JSON (${(cause as Error).message})`, path);
  }
}
