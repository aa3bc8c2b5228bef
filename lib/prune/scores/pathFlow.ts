import { checkNames, invalid } from '../../base';
import type { LinearPolicy } from '../../network';
import { pathGradient } from '../../path';
import { compiled, type tf } from '../../tensor';
import type { About } from '../about';
import { type Described, described, type ScoreContext, type ScoringMethod } from '../method';

/** Which member of the SynFlow family: the score is |θ|^weight ∂R(x; s)/∂s at s = |θ|^power. */
export interface PathFlow {
  /** 1: R sums |v_p| over paths; 2: v_p². */
  power: 1 | 2;
  /** Power of |θ| the gradient is multiplied with; equal to `power` where the score is conserved. */
  weight: 0 | 1 | 2;
  /** The input: ones, the mean image as it is, or its square. */
  input?: 'ones' | 'mean' | 'meanSquared';
  policy?: LinearPolicy;
  statistics?: 'keep' | 'lift';
}

/** A method of the SynFlow family. */
export function pathFlow(description: string, options: PathFlow): ScoringMethod {
  checkNames('pathFlow', options, { power: 1, weight: 1, input: 1, policy: 1, statistics: 1 });
  const { power, weight, input = 'ones', policy, statistics } = options;
  return {
    description,
    needs: input === 'ones' ? 'nothing' : 'meanImage',
    ...(input === 'ones' ? {} : { version: 2 }), // since the images have a random stream of their own
    iterations: 100,
    ...(weight > 0 && !policy?.biases && { compacts: 'paths' as const }), // without |θ|, weights of 0 have scores
    isConserved: power === weight && !policy?.biases,
    score(network, params, context) {
      const x = inputOf(input, context);
      // The mean image may have negative parts where it is normalised; as published, sizes are compared.
      const absolute = input !== 'ones' || policy?.biases;
      const options = { weight, policy, statistics, input: x, absolute };
      const { gradients } = pathGradient(network, params, power, options);
      if (input === 'meanSquared') x?.dispose();
      return gradients;
    },
  };
}

/** A method of the SynFlow family with what it is about; what all of the family share is filled in. */
export function describedFlow(
  description: string,
  options: PathFlow,
  about: Pick<About, 'paper' | 'ours' | 'references'>,
): Described<ScoringMethod> {
  const method = pathFlow(description, options);
  const input = method.needs === 'nothing' ? 'no images' : 'the mean image';
  return described(method, {
    criterion: 'paths',
    cost: `a gradient of R each iteration, ${input}`,
    ...about,
  });
}

/** The tensor every path starts from, `[1, ...shape]`; ones where absent. */
function inputOf(input: NonNullable<PathFlow['input']>, { meanImage }: ScoreContext): tf.Tensor | undefined {
  if (input === 'ones') return undefined;
  if (meanImage === undefined) throw invalid('meanImage', 'the method needs one', meanImage);
  return input === 'mean' ? meanImage : square(meanImage);
}

const square = compiled((x: tf.Tensor) => x.square(), { precision: 'double' });
