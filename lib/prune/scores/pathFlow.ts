import { invalid } from '../../base';
import { kernelsOf, type LinearPolicy } from '../../network';
import { lift, pathGradient } from '../../path';
import { mapRecord, tf } from '../../tensor';
import type { ScoreContext, ScoringMethod } from '../method';

/** Which member of the SynFlow family: the score is |θ|^weight ∂R(x; s)/∂s at s = |θ|^power. */
export interface PathFlow {
  /** 1: R sums |v_p| over paths; 2: v_p². */
  power: 1 | 2;
  /** Power of |θ| the gradient is multiplied with; equal to `power` where the score is conserved. */
  weight: 1 | 2;
  /** The input: ones, the mean image as it is, or its square. */
  input?: 'ones' | 'mean' | 'meanSquared';
  policy?: LinearPolicy;
  statistics?: 'keep' | 'lift';
}

/** A method of the SynFlow family. */
export function pathFlow(
  description: string,
  { power, weight, input = 'ones', policy, statistics }: PathFlow,
): ScoringMethod {
  return {
    description,
    needs: input === 'ones' ? 'nothing' : 'meanImage',
    ...(input === 'ones' ? {} : { version: 2 }), // since the images have a random stream of their own
    iterations: 100,
    isConserved: power === weight && !policy?.biases,
    score(network, params, context) {
      const names = kernelsOf(network).map(({ name }) => name);
      let factor = 1;
      const scores = tf.tidy(() => {
        const x = inputOf(input, network.input, context);
        const s = lift(network, params, power, { statistics });
        const { gradients, logScale } = pathGradient(network, s, x, power, names, policy);
        factor = Math.exp(logScale);
        const times = (name: string) =>
          weight === power ? s[name] : weight === 1 ? params[name].abs() : params[name].square();
        // The mean image may have negative parts where it is normalised; as published, sizes are compared.
        const size = (score: tf.Tensor) => (input === 'ones' && !policy?.biases ? score : score.abs());
        return Object.fromEntries(names.map((name) => [name, size(gradients[name].mul(times(name)))]));
      });
      const values = mapRecord(scores, (tensor) => scaled(tensor.dataSync() as Float32Array, factor));
      tf.dispose(scores);
      return values;
    },
  };
}

/** Sums over the paths of a deep network leave float32, not float64. */
function scaled(values: Float32Array, factor: number): Float64Array {
  const found = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) found[i] = values[i] * factor;
  return found;
}

/** The tensor every path starts from: `[1, ...shape]`. */
function inputOf(
  input: NonNullable<PathFlow['input']>,
  shape: readonly number[],
  { meanImage }: ScoreContext,
): tf.Tensor {
  if (input === 'ones') return tf.ones([1, ...shape]);
  if (meanImage === undefined) throw invalid('meanImage', 'the method needs one', meanImage);
  return input === 'mean' ? meanImage.clone() : meanImage.square();
}
