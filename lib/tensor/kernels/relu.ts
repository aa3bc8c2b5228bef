import { tf } from '../engine';
import { runOp } from '../native';
import { registerKernel } from './register';

/** max(x, 0), element by element; its derivative at 0 is 0. */
export function relu<T extends tf.Tensor>(x: T): T {
  return forward<T>({ x }, {});
}

const FLOAT = { T: { type: 'float32' } } as const;

const forward = registerKernel<object>({
  name: 'Relu',
  forward: ({ x }) => runOp('Relu', [x], FLOAT)[0],
  keepInputs: [],
  keepOutputs: [true],
  backward: (dy, [y]) => ({ x: () => gate<tf.Tensor>({ dy: dy as tf.Tensor, y }, {}) }),
});

/** dy where y > 0, else 0: linear in dy, and constant in y wherever it is differentiable. */
const gate: <T extends tf.Tensor>(inputs: Record<string, tf.Tensor>, attributes: object) => T =
  registerKernel<object>({
    name: 'ReluGrad',
    forward: ({ dy, y }) => runOp('ReluGrad', [dy, y], FLOAT)[0],
    keepInputs: ['y'],
    backward: (direction, [y]) => ({
      dy: () => gate<tf.Tensor>({ dy: direction as tf.Tensor, y }, {}),
      y: () => tf.zerosLike(y),
    }),
  });
