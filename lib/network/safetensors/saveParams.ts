import * as fs from 'node:fs/promises';
import { checkNames, invalid, lookUp } from '../../base';
import { atHome } from '../../base/atHome';
import { explainDisk } from '../../base/disk';
import type { TensorRecord, tf } from '../../tensor';
import { checkReadable } from '../checkTensors';
import type { Network } from '../graph';
import { toPytorch } from '../pytorchLayout';
import { writeHeader } from './header';

/** How tensors are laid out in a file: as they are here, or as PyTorch has them (`toPytorch`). */
export type Layout = 'tfjs' | 'pytorch';

export type SaveOptions = ({ layout?: 'tfjs' } | { layout: 'pytorch'; network: Network }) & {
  /** Texts that go into the file's header; none by default. */
  metadata?: Readonly<Record<string, string>>;
};

/**
 * Writes parameters to a safetensors file, under their names here, as float32.
 *
 * The file appears whole or not at all: it is written as `FILE.part` and then renamed.
 *
 * @param options `layout` is `tfjs` by default; `pytorch` needs the network
 * @throws `invalid tensors; RULE: VALUE` for one that is no tensor, was disposed of or is not the network's; `cannot write FILE: …`
 *   where the disk is the reason
 */
export async function saveParams(
  file: string,
  params: TensorRecord,
  options: SaveOptions = {},
): Promise<void> {
  if (typeof file !== 'string' || file === '') throw invalid('file', 'not a path', file);
  checkReadable('tensors', params);
  const given: { layout?: Layout; network?: Network } & Pick<SaveOptions, 'metadata'> = options;
  checkNames('saveParams', given, { layout: 1, network: 1, metadata: 1 });
  const { layout = 'tfjs', network, metadata } = given;
  lookUp('layout', { tfjs: 1, pytorch: 1 }, layout);
  if (layout === 'tfjs') return write(atHome(file), params, 'tfjs', metadata);
  if (!network) throw invalid('network', 'is missing: the layout pytorch depends on it', network);
  const converted = toPytorch(network, params);
  try {
    await write(atHome(file), converted, 'pytorch', metadata);
  } finally {
    for (const tensor of Object.values(converted)) tensor.dispose();
  }
}

async function write(
  file: string,
  params: Readonly<Record<string, tf.Tensor>>,
  layout: Layout,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const entries = Object.entries(params);
  const part = `${file}.part`;
  try {
    const handle = await fs.open(part, 'w');
    try {
      const header = writeHeader(
        entries.map(([name, { shape }]) => ({ name, shape })),
        { ...metadata, format: layout === 'pytorch' ? 'pt' : 'tf', layout },
      );
      await handle.writeFile(header);
      for (const [, tensor] of entries) await handle.writeFile(new Uint8Array(await floatBytes(tensor)));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(part, file);
  } catch (error) {
    await fs.rm(part, { force: true }).catch(() => {}); // its folder may be none
    throw explainDisk(error, file);
  }
}

async function floatBytes(tensor: tf.Tensor): Promise<ArrayBuffer> {
  return Float32Array.from(await tensor.data()).buffer;
}
