import { existsSync } from 'node:fs';
import { invalid, lookUp } from '../base';
import { readWhole } from '../base/readWhole';
import { datasets } from '../data';
import { randomData } from '../experiment/profile/randomData';
import {
  buildNetwork,
  checkMask,
  initialise,
  loadLayersModel,
  loadNetwork,
  loadParams,
  loadTensors,
  type Mask,
  type Network,
  nonZeroMask,
  type Params,
  type Shortcut,
} from '../network';
import { type MethodName, prune } from '../prune';
import { tf } from '../tensor';

export interface MaskedOptions {
  /** Files of a network's parameters, of their names, and of which weights are kept. */
  params?: string;
  names?: string;
  mask?: string;
  /** Of a residual network; `projection` by default. */
  shortcut?: string;
  /** Whose images and classes the network is for. */
  data?: string;
  method?: string;
  /** 10 by default. */
  compression?: number;
  iterations?: number;
}

export interface Masked {
  network: Network;
  params: Params;
  mask: Mask;
}

/** A network by name or file with its parameters and mask, all of which the caller disposes of. */
export async function readMasked(source: string, options: MaskedOptions): Promise<Masked> {
  const { network, params } = await readNetwork(source, options);
  const kept =
    options.mask === undefined ? nonZeroMask(network, params) : await readMask(options.mask, network);
  if (options.method === undefined) return { network, params, mask: kept };
  const { compression = 10, iterations } = options;
  const method = options.method as MethodName;
  const data = network.input.length === 3 ? randomData(network, 10 * network.classes) : undefined;
  const { mask } = await prune(network, params, { method, compression, iterations, data, mask: kept });
  tf.dispose(kept);
  return { network, params, mask };
}

async function readNetwork(source: string, options: MaskedOptions): Promise<Omit<Masked, 'mask'>> {
  const { params: file, names, data, shortcut } = options;
  if (existsSync(source)) {
    for (const [name, value] of Object.entries({ params: file, names, data, shortcut }))
      if (value !== undefined)
        throw invalid(name, `only for a network by name, ${source} is a file with its own`, value);
    return source.endsWith('.safetensors') ? loadNetwork(source) : loadLayersModel(source);
  }
  const { shape: input, classes } = data === undefined ? {} : lookUp('data', datasets, data);
  const network = buildNetwork(source, {
    ...(input && { input, classes }),
    ...(shortcut !== undefined && { shortcut: shortcut as Shortcut }),
  });
  if (file !== undefined)
    return {
      network,
      params: await loadParams(file, network, names === undefined ? {} : { names: await readNames(names) }),
    };
  if (names !== undefined) throw invalid('names', 'only with --params', names);
  return { network, params: initialise(network, { seed: 1 }) };
}

async function readNames(file: string): Promise<Record<string, string | null>> {
  const text = (await readWhole('names file', file)).toString('utf8');
  try {
    return JSON.parse(text) as Record<string, string | null>;
  } catch (error) {
    throw invalid('names file', `not JSON (${(error as Error).message})`, file);
  }
}

async function readMask(file: string, network: Network): Promise<Mask> {
  const { tensors } = await loadTensors(file);
  try {
    checkMask(network, tensors);
    return tensors;
  } catch (error) {
    tf.dispose(tensors);
    throw error;
  }
}
