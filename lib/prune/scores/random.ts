import { kernelsOf } from '../../network';
import { tf } from '../../tensor';
import type { ScoreMethod } from './scoreMethod';

/** Uniform random scores: every set of weights of the wanted size is kept with the same probability. */
export const random: ScoreMethod = {
  description: 'uniform random numbers',
  needs: 'nothing',
  iterations: 1,
  isConserved: false,
  score(network, _, { random }) {
    const scores = kernelsOf(network).map(({ name, shape }) => {
      const stream = random.fork(name);
      const values = new Float32Array(shape.reduce((product, extent) => product * extent, 1));
      for (let i = 0; i < values.length; i++) values[i] = stream.uniform();
      return [name, tf.tensor(values, [...shape])];
    });
    return { scores: Object.fromEntries(scores), logScale: 0 };
  },
};
