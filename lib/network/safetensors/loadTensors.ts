import * as fs from 'node:fs/promises';
import { mapRecord, type TensorRecord, tf } from '../../tensor';
import { type Header, readHeader } from './header';

/**
 * Reads every tensor of a safetensors file, whatever it holds.
 *
 * @returns the tensors, which the caller disposes of, and the texts of the header
 * @throws `invalid safetensors file; RULE: FILE` for a file that is cut off or corrupt, with the byte
 */
export async function loadTensors(
  file: string,
): Promise<{ tensors: TensorRecord; metadata: Readonly<Record<string, string>> }> {
  const { tensors, metadata, read } = await openTensors(file);
  return { tensors: mapRecord(tensors, (_, name) => read(name)), metadata };
}

/** The header of a file and what makes a tensor of one of its entries. */
export async function openTensors(file: string): Promise<Header & { read: (name: string) => tf.Tensor }> {
  const bytes = await fs.readFile(file);
  const header = readHeader(bytes, file);
  return {
    ...header,
    read(name) {
      const { shape, data_offsets: offsets } = header.tensors[name];
      const [begin, end] = offsets.map((offset) => bytes.byteOffset + header.dataStart + offset);
      // A copy, because a Float32Array must begin at a multiple of 4.
      const values = new Float32Array(bytes.buffer.slice(begin, end) as ArrayBuffer);
      return tf.tensor(values, [...shape], 'float32');
    },
  };
}
