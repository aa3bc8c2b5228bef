import { invalid } from '../../base';

/** Whether a file is a zip or a pickle, as PyTorch writes them. */
export function isTorch(bytes: Buffer): boolean {
  const isPickle = bytes[0] === 0x80 && bytes[1] >= 2 && bytes[1] <= 5;
  return begins(bytes, 'PK\x03\x04') || (isPickle && !isSafetensors(bytes));
}

/** Whether a length below 4 GiB and a header follow each other: the length may begin with any bytes. */
function isSafetensors(bytes: Buffer): boolean {
  return bytes.toString('latin1', 4, 9) === '\0\0\0\0{';
}

/**
 * Refuses a file that is of another kind by its first bytes, with what makes one of it that can be read.
 *
 * @throws `invalid safetensors file; …: FILE`
 */
export function refuseForeign(bytes: Buffer, file: string): void {
  if (isSafetensors(bytes)) return;
  for (const [start, what] of Object.entries(foreign))
    if (begins(bytes, start)) throw invalid('safetensors file', what, file);
  if (bytes.toString('latin1', 257, 262) === 'ustar')
    throw invalid('safetensors file', `it is a tar archive; unpack it, or ${resave}`, file);
}

const resave = "in Python, load it with PyTorch and save it by torch.save(model.state_dict(), 'model.pt')";

/** By the bytes they begin with. */
const foreign: Readonly<Record<string, string>> = {
  '\x89HDF\r\n\x1a\n':
    "it is HDF5, as Keras's .h5; `tensorflowjs_converter --input_format keras FILE FOLDER` makes a model.json of it for nets.loadLayersModel",
  '{': 'it is JSON, which holds no tensors; nets.loadLayersModel reads a model.json of tfjs or Keras',
  '\x93NUMPY':
    "it is NumPy's .npy; in Python, safetensors.numpy.save_file({'name': array}, 'model.safetensors') writes what is read",
  GGUF: 'it is GGUF, whose numbers are quantised; take the safetensors file of the same model',
  '\x1f\x8b': 'it is packed with gzip; unpack it',
  'version https://git-lfs':
    'it is a pointer of Git LFS, not the file itself; fetch that with `git lfs pull`',
  '<': 'it is a web page, not a file of tensors; the download has failed',
};

function begins(bytes: Buffer, start: string): boolean {
  return bytes.toString('latin1', 0, start.length) === start;
}
