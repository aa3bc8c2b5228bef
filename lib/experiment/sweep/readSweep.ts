import { invalid } from '../../base';
import { readWhole } from '../../base/readWhole';
import { readSpec, type SweepSpec } from './spec';

/**
 * Reads a sweep's file.
 *
 * @throws `invalid sweep file; RULE: PATH` where it is missing or not JSON, `invalid sweep…` where it is not well formed
 */
export async function readSweep(path: string): Promise<SweepSpec> {
  const bytes = await readWhole('sweep file', path);
  // As Windows saves text; the decoder takes off a mark of the byte order.
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes);
  try {
    return readSpec(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid('sweep file', `not JSON, ${error.message}`, path);
    throw error;
  }
}
