import { kernelsOf, type Network } from '../../network';
import { norm, type TensorRecord, tf } from '../../tensor';
import { quantity } from './quantity';

export const weightMovement = quantity({
  meaning: '‖θ_t − θ_0‖ over the prunable weights, after masking',
  title: 'Weight movement',
  label: '‖θₜ − θ₀‖',
  measure: ({ network, params, initial }) => distance(network, params, initial),
});

export const weightMovementFromFirst = quantity({
  meaning: '‖θ_t − θ_1‖, from the weights after the first epoch, as in the published code; null in epoch 0',
  title: 'Weight movement from the first epoch',
  label: '‖θₜ − θ₁‖',
  measure: ({ network, params, first }) => (first ? distance(network, params, first) : null),
});

export const weightNorm = quantity({
  meaning:
    "‖θ_t‖ over the prunable weights; that of epoch 1 is the first entry of the published code's weight movement",
  title: 'Norm of the weights',
  label: '‖θₜ‖',
  measure: ({ network, params }) => norm(kernels(network, (name) => params[name])),
});

/** The Euclidean distance of two sets of kernels. */
function distance(network: Network, a: TensorRecord, b: TensorRecord): number {
  return tf.tidy(() => norm(kernels(network, (name) => a[name].sub(b[name]))));
}

function kernels(network: Network, of: (name: string) => tf.Tensor): TensorRecord {
  return Object.fromEntries(kernelsOf(network).map(({ name }) => [name, of(name)]));
}
