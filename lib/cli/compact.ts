import { invalid } from '../base';
import { numberOf } from './numberOf';
import { parseOptions } from './parseOptions';

const usage = `npx pathkernel compact NETWORK [options]   cuts a pruned network down to what its outputs depend on

NETWORK is a name, or a file that this command has written, or a model.json of tfjs or its folder. The outputs of the smaller
network are the same for every input but for rounding.
  --params FILE      of a network by name: safetensors, or a state dict or checkpoint of PyTorch; weights at 0 are pruned
  --names FILE       what its tensors or layers are called here, {"layer1.0.conv1": "stage1/block1/conv1", …} as JSON
  --mask FILE        safetensors, which weights are kept; by default those that are not 0
  --shortcut NAME    of a residual network: projection (default), or padding, without weights
  --data NAME        whose images and classes the network is built for; by default the network's own
  --method NAME      prunes first; methods that look at images get random ones
  --compression N    how far it prunes; 10 by default
  --iterations N     in how many steps; by default as many as the method takes
  --mode MODE        inference (default), or training: later gradients are the same, too, and fewer channels go
  --batch N          samples at a time when it is timed; 128 by default
  --out FOLDER       writes network.safetensors, which nets.loadNetwork reads, and model.json with weights.bin for tfjs
  --overwrite        writes over files that are there`;

/**
 * The command `pathkernel compact`.
 *
 * @param args what follows `compact` on the command line
 * @returns the exit status: 0 when all is written, 1 where tfjs has no layer for a part of the network
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions({
    args,
    allowPositionals: true,
    options: {
      params: { type: 'string' },
      names: { type: 'string' },
      mask: { type: 'string' },
      shortcut: { type: 'string' },
      data: { type: 'string' },
      method: { type: 'string' },
      compression: { type: 'string' },
      iterations: { type: 'string' },
      mode: { type: 'string' },
      batch: { type: 'string' },
      out: { type: 'string' },
      overwrite: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals.length !== 1) throw invalid('arguments', 'compact takes one network', positionals);
  const number = (name: 'compression' | 'iterations' | 'batch') => numberOf(name, values[name]);
  const { compactNetwork } = library();
  const { text, failure } = await compactNetwork(positionals[0], {
    ...values,
    compression: number('compression'),
    iterations: number('iterations'),
    batch: number('batch'),
  });
  console.log(text);
  if (failure !== undefined) console.error(failure);
  return failure === undefined ? 0 : 1;
}

/** Read when first needed, as TensorFlow takes a second to load. */
function library(): typeof import('./compact/compactNetwork') {
  return require('./compact/compactNetwork');
}
