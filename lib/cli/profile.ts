import { invalid } from '../base';
import { numberOf } from './numberOf';
import { parseOptions } from './parseOptions';

const usage = `npx pathkernel profile NETWORK [options]   says where the time goes, by phase and op, on random images

  --work WORK        train, a step (default); evaluate, a pass over a batch; prune, with all its iterations; trace, of the path kernel
  --batch N          images at a time; 128 by default
  --data NAME        whose images and classes the network is built for; by default the network's own
  --method NAME      prunes first, and profiles the whole and the pruned network, in training masked and cut down; with --work prune,
                     profiles that method
  --compression N    how far it prunes; 10 by default
  --iterations N     in how many steps; by default as many as the method takes
  --repetitions N    how often it is measured; by default as often as fits in two seconds
  --threads N        cores to use; all by default
  --layers           a row for each layer of the network, in place of one for each op
  --out FILE         writes the rows as .json, or a figure of them as .html, .png, .svg or .pdf; several are taken

Share: of the speed of a 1024×1024 matrix product or a 3×3 convolution of 64 channels, measured here. MB: memory taken for results.`;

/**
 * The command `pathkernel profile`.
 *
 * @param args what follows `profile` on the command line
 * @returns the exit status, 0
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions({
    args,
    allowPositionals: true,
    options: {
      work: { type: 'string' },
      batch: { type: 'string' },
      data: { type: 'string' },
      method: { type: 'string' },
      compression: { type: 'string' },
      iterations: { type: 'string' },
      repetitions: { type: 'string' },
      threads: { type: 'string' },
      layers: { type: 'boolean' },
      out: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals.length !== 1) throw invalid('arguments', 'profile takes one network', positionals);
  const number = (name: 'batch' | 'compression' | 'iterations' | 'repetitions' | 'threads') =>
    numberOf(name, values[name]);
  const threads = number('threads');
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1))
    throw invalid('threads', 'not a whole number of 1 or more', threads);
  if (threads !== undefined) process.env.PATHKERNEL_THREADS = String(threads); // before TensorFlow is loaded
  const { profileNetwork, profileTable, writeProfile, checkFile } = library();
  values.out?.forEach(checkFile); // before the work
  const profiles = await profileNetwork(positionals[0], {
    work: values.work,
    batch: number('batch'),
    data: values.data,
    method: values.method,
    compression: number('compression'),
    iterations: number('iterations'),
    repetitions: number('repetitions'),
  });
  console.log(
    Object.entries(profiles)
      .map((entry) => profileTable(entry, values.layers))
      .join('\n\n'),
  );
  for (const file of values.out ?? []) console.log(`written: ${await writeProfile(profiles, file)}`);
  return 0;
}

/** Read when first needed, as TensorFlow takes a second to load. */
function library() {
  return {
    ...(require('./profile/profileNetwork') as typeof import('./profile/profileNetwork')),
    ...(require('./profile/profileTable') as typeof import('./profile/profileTable')),
    ...(require('./profile/writeProfile') as typeof import('./profile/writeProfile')),
  };
}
