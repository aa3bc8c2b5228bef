import { runOp, tf } from '../tensor';

/** Inside a compiled function, the rows of a tensor at some places, which may differ from call to call; without a gradient. */
export function rowsAt<T extends tf.Tensor>(x: T, at: tf.Tensor1D): T {
  const types = {
    Tparams: { type: 'float32' },
    Tindices: { type: 'int32' },
    Taxis: { type: 'int32' },
  } as const;
  return runOp('GatherV2', [x, at, tf.scalar(0, 'int32')], { ...types, batch_dims: 0 })[0] as T;
}
