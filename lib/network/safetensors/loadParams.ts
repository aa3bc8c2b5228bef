import * as fs from 'node:fs/promises';
import { invalid, lookUp } from '../../base';
import { mapRecord, type TensorRecord, tf } from '../../tensor';
import { checkTensors, parameterShapes } from '../checkTensors';
import type { Params } from '../evaluate';
import type { Network, Shape } from '../graph';
import { fromPytorch, pytorchShapes } from '../pytorchLayout';
import { readHeader } from './header';
import type { Layout } from './saveParams';

/**
 * Reads the parameters of `network` from a safetensors file.
 *
 * @param layout how the file has them; what the file says where it was written by `saveParams`, otherwise `tfjs`
 * @returns every parameter and running statistic, in the network's order
 * @throws `invalid safetensors file; RULE: FILE` for a file that is cut off or corrupt, with the byte;
 *   `invalid FILE; RULE: VALUE` naming a tensor that is missing, unknown or misshapen, with what was expected and found
 */
export async function loadParams(
  file: string,
  network: Network,
  { layout }: { layout?: Layout } = {},
): Promise<Params> {
  const bytes = await fs.readFile(file);
  const { tensors, metadata, dataStart } = readHeader(bytes, file);
  if (layout !== undefined && metadata.layout !== undefined && metadata.layout !== layout)
    throw invalid('layout', `${file} was written as ${metadata.layout}, asked for as`, layout);
  const { shapes, convert } = lookUp('layout', layouts, layout ?? metadata.layout ?? 'tfjs');
  const expected = shapes(network);
  checkTensors(file, expected, tensors);
  const stored = mapRecord(expected, (shape, name) => {
    const [begin, end] = tensors[name].data_offsets;
    const start = bytes.byteOffset + dataStart + begin;
    // A copy, because a Float32Array must begin at a multiple of 4.
    const values = new Float32Array(bytes.buffer.slice(start, start + end - begin) as ArrayBuffer);
    return tf.tensor(values, [...shape], 'float32');
  });
  return convert(network, stored);
}

const layouts: Readonly<
  Record<
    Layout,
    {
      shapes: (network: Network) => Record<string, Shape>;
      convert: (network: Network, stored: TensorRecord) => Params;
    }
  >
> = {
  tfjs: { shapes: parameterShapes, convert: (_, stored) => stored },
  pytorch: { shapes: pytorchShapes, convert: converted },
};

function converted(network: Network, stored: TensorRecord): Params {
  const params = fromPytorch(network, stored);
  for (const tensor of Object.values(stored)) tensor.dispose();
  return params;
}
