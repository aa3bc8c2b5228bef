import { extname } from 'node:path';
import { invalid, lookUp } from '../base';
import { numberOf } from './numberOf';
import { parseOptions } from './parseOptions';
import { progressLine } from './progressLine';

const usage = `npx pathkernel spectrum NETWORK [options]   the spectrum of the Path Kernel, without the matrix

Says beforehand about how long it takes. NETWORK is a name, or a file as for npx pathkernel compact.
  --params FILE      of a network by name: safetensors, or a state dict or checkpoint of PyTorch; weights at 0 are pruned
  --names FILE       what its tensors or layers are called here, {"layer1.0.conv1": "stage1/block1/conv1", …} as JSON
  --mask FILE        safetensors, which weights are kept; by default those that are not 0
  --shortcut NAME    of a residual network: projection (default), or padding, without weights
  --data NAME        whose images and classes the network is built for; by default the network's own
  --method NAME      prunes first; methods that look at images get random ones
  --compression N    how far it prunes; 10 by default
  --iterations N     in how many steps; by default as many as the method takes
  --k N              how many of the largest distinct eigenvalues; 10 by default
  --tolerance N      the relative error at which one counts as found; 1e-8 by default
  --probes N         random vectors for what is estimated of the whole spectrum; 10 by default, 0 for no estimates
  --steps N          products for each of them; 30 by default
  --memory N         MiB for the vectors that are held; 2048 by default
  --seed N           of the random vectors; 1 by default
  --layers           where the leading eigenvectors lie, a row a layer
  --out FILE         writes all of it, but for the eigenvectors, as .json`;

/**
 * The command `pathkernel spectrum`.
 *
 * @param args what follows `spectrum` on the command line
 * @returns the exit status, 0
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
      k: { type: 'string' },
      tolerance: { type: 'string' },
      probes: { type: 'string' },
      steps: { type: 'string' },
      memory: { type: 'string' },
      seed: { type: 'string' },
      layers: { type: 'boolean' },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals.length !== 1) throw invalid('arguments', 'spectrum takes one network', positionals);
  if (values.out !== undefined)
    lookUp(`extension of ${values.out}`, { '.json': 1 }, extname(values.out).toLowerCase()); // before the work
  type Number = 'compression' | 'iterations' | 'k' | 'tolerance' | 'probes' | 'steps' | 'memory' | 'seed';
  const number = (name: Number) => numberOf(name, values[name]);
  const line = progressLine(process.stderr);
  try {
    const { networkSpectrum } = library();
    await networkSpectrum(positionals[0], {
      ...values,
      compression: number('compression'),
      iterations: number('iterations'),
      k: number('k'),
      tolerance: number('tolerance'),
      probes: number('probes'),
      steps: number('steps'),
      memory: number('memory'),
      seed: number('seed'),
      say: (text) => {
        line.end();
        console.log(text);
      },
      onProgress: line.show,
    });
  } finally {
    line.end();
  }
  return 0;
}

/** Read when first needed, as TensorFlow takes a second to load. */
function library(): typeof import('./spectrum/networkSpectrum') {
  return require('./spectrum/networkSpectrum');
}
