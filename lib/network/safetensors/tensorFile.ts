import type { tf } from '../../tensor';

/** What a file of tensors says it holds, each to be read by itself. */
export interface TensorFile {
  readonly tensors: Readonly<Record<string, StoredTensor>>;
  /** Tensors beside those of the model, such as an optimiser's; none where absent. */
  readonly aside?: Readonly<Record<string, StoredTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Makes one of the tensors, of either kind. */
  readonly read: (name: string) => tf.Tensor;
}

export interface StoredTensor {
  /** As safetensors names it: `F32`. */
  readonly dtype: string;
  readonly shape: readonly number[];
}
