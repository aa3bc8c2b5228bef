import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidError, invalid } from '../../base';
import { makeFolder } from '../../base/makeFolder';
import {
  applyMask,
  type Compacted,
  type CompactMode,
  compact,
  compareSizes,
  type Network,
  type Params,
  saveLayersModel,
  saveNetwork,
} from '../../network';
import { tableBundle } from '../../notebook/table';
import { tf } from '../../tensor';
import { type Masked, type MaskedOptions, readMasked } from '../readMasked';

export interface CompactNetworkOptions extends MaskedOptions {
  /** `inference` by default. */
  mode?: string;
  /** 128 by default. */
  batch?: number;
  /** Nothing is written by default. */
  out?: string;
  overwrite?: boolean;
}

/** Names of what is written into the folder. */
const FILES = ['network.safetensors', 'model.json', 'weights.bin'];

/**
 * Cuts a network down, by name or file, and writes the smaller one.
 *
 * @returns what is to be told of it, and why a part was not written
 */
export async function compactNetwork(
  source: string,
  options: CompactNetworkOptions,
): Promise<{ text: string; failure?: string }> {
  const { mode, batch, out, overwrite } = options;
  if (out !== undefined && !overwrite)
    for (const file of FILES.map((name) => join(out, name)))
      if (existsSync(file))
        throw invalid('out', 'there is such a file already, --overwrite writes over it', file);
  const { params, mask, method } = options;
  if (!existsSync(source) && params === undefined && mask === undefined && method === undefined)
    throw invalid('arguments', 'nothing is pruned: give --params FILE, --mask FILE or --method NAME', source);
  const masked = await readMasked(source, options);
  const small = compact(masked.network, masked.params, masked.mask, {
    mode: (mode ?? 'inference') as CompactMode,
  });
  try {
    const told = describe(masked, small, batch);
    if (out === undefined) return { text: told };
    const { written, failure } = await write(resolve(out), small);
    return { text: [told, ...written.map((file) => `written: ${file}`)].join('\n'), failure };
  } finally {
    tf.dispose([masked.params, masked.mask, small.params, small.mask]);
  }
}

function describe({ network, params, mask }: Masked, small: Compacted, batch?: number): string {
  const whole = applyMask(network, params, mask);
  try {
    const sizes = compareSizes({ network, params: whole }, small, { batch });
    const [before, after] = sizes;
    const share = after.multiplications / before.multiplications;
    return [
      `${network.name}: ${(100 * share).toPrecision(3)} % of the multiplications are left`,
      text(sizes),
      text(small.report),
      ...small.warnings,
    ].join('\n\n');
  } finally {
    tf.dispose(whole);
  }
}

async function write(folder: string, { network, params }: { network: Network; params: Params }) {
  const [file] = FILES.map((name) => join(folder, name));
  makeFolder(folder);
  await saveNetwork(file, network, params);
  try {
    return { written: [file, await saveLayersModel(folder, network, params)] };
  } catch (error) {
    if (!(error instanceof InvalidError)) throw error;
    return { written: [file], failure: `not written: model.json (${error.message})` };
  }
}

const text = (rows: object[]) =>
  tableBundle(rows as never, { rows: rows.length, digits: 3 })['text/plain'] as string;
