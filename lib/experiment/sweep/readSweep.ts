import * as fs from 'node:fs/promises';
import { invalid } from '../../base';
import { readSpec, type SweepSpec } from './spec';

/**
 * Reads a sweep's file.
 *
 * @throws `invalid sweep file; RULE: PATH` where it is missing or not JSON, `invalid sweep…` where it is not well formed
 */
export async function readSweep(path: string): Promise<SweepSpec> {
  let text: string;
  try {
    text = await fs.readFile(path, 'utf8');
  } catch (error) {
    throw invalid('sweep file', error instanceof Error ? error.message : 'cannot be read', path);
  }
  try {
    return readSpec(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid('sweep file', `not JSON, ${error.message}`, path);
    throw error;
  }
}
