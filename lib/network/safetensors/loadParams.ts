import { invalid, lookUp } from '../../base';
import { mapRecord, type TensorRecord } from '../../tensor';
import { checkTensors, parameterShapes } from '../checkTensors';
import type { Network, Shape } from '../graph';
import type { Params } from '../params';
import { fromPytorch, pytorchShapes } from '../pytorchLayout';
import { openTensors } from './loadTensors';
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
  const { tensors, metadata, read } = await openTensors(file);
  if (layout !== undefined && metadata.layout !== undefined && metadata.layout !== layout)
    throw invalid('layout', `${file} was written as ${metadata.layout}, asked for as`, layout);
  const { shapes, convert } = lookUp('layout', layouts, layout ?? metadata.layout ?? 'tfjs');
  const expected = shapes(network);
  checkTensors(file, expected, tensors);
  return convert(
    network,
    mapRecord(expected, (_, name) => read(name)),
  );
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
