import { readWhole } from '../../base/readWhole';
import { mapRecord, type TensorRecord, tf } from '../../tensor';
import { readTorch } from '../torch/readTorch';
import { toTensor } from './dtypes';
import { readHeader } from './header';
import { isTorch, refuseForeign } from './kindOf';
import type { TensorFile } from './tensorFile';

/**
 * Reads every tensor of a safetensors file, or of one that PyTorch's `torch.save` wrote (`.pt`, `.pth`, `.th`), whatever it holds:
 * floating-point numbers as float32, whole ones as int32, others as bool.
 *
 * Of a checkpoint the tensors of the state dict have their own names, others the keys that lead to them, `optimizer.state.0.exp_avg`;
 * its texts and numbers are in `metadata`. Nothing in a file is executed.
 *
 * @returns the tensors, which the caller disposes of, and the texts of the header
 * @throws `invalid safetensors file; RULE: FILE` for a file that is missing, cut off or corrupt, with the byte, or of another kind;
 *   `invalid FILE; …: VALUE` naming a tensor with a number that float32 or int32 cannot hold
 */
export async function loadTensors(
  file: string,
): Promise<{ tensors: TensorRecord; metadata: Readonly<Record<string, string>> }> {
  const { tensors, aside, metadata, read } = await openTensors(file);
  return { tensors: tf.tidy(() => mapRecord({ ...aside, ...tensors }, (_, name) => read(name))), metadata };
}

/** What a file holds, and what makes a tensor of one of its entries. */
export async function openTensors(file: string): Promise<TensorFile> {
  const bytes = await readWhole('safetensors file', file);
  if (isTorch(bytes)) return readTorch(bytes, file);
  refuseForeign(bytes, file);
  const { tensors, metadata, dataStart } = readHeader(bytes, file);
  return {
    tensors,
    metadata,
    read(name) {
      const [begin, end] = tensors[name].data_offsets;
      return toTensor(tensors[name], bytes.subarray(dataStart + begin, dataStart + end), {
        subject: file,
        name,
      });
    },
  };
}
