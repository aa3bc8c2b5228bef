import type { ParameterSpec } from './graph';

/**
 * Whether a parameter follows gradients; batch norm's running statistics do not, nor do channel scales, which stay at 1, nor
 * what the network says is not `trainable`.
 */
export function isTrained({ role, trainable }: ParameterSpec): boolean {
  return trainable !== false && role !== 'mean' && role !== 'variance' && role !== 'scale';
}
