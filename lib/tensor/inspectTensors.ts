import { inspect } from 'node:util';
import { tf } from './engine';
import { tensorName, tensorText } from './tensorText';

/**
 * Makes `console.log` and the like write tensors with their values, and those within other values by type and shape, where
 * they would write tfjs' own fields.
 */
export function inspectTensors(): void {
  Object.defineProperty(tf.Tensor.prototype, inspect.custom, {
    configurable: true,
    value(this: tf.Tensor, depth: number, options: { depth: number }): string {
      return depth === options.depth ? tensorText(this) : tensorName(this);
    },
  });
}
