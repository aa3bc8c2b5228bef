import { product } from '../../base';
import { kernelsOf } from '../../network';
import type { ScoringMethod } from '../method';

/** Uniform random scores: every set of weights of the wanted size is kept with the same probability. */
export const random: ScoringMethod = {
  description: 'uniform random numbers',
  needs: 'nothing',
  iterations: 1,
  score(network, _, { random }) {
    const entries = kernelsOf(network).map(({ name, shape }) => {
      const stream = random.fork(name);
      const values = new Float32Array(product(shape));
      for (let i = 0; i < values.length; i++) values[i] = stream.uniform();
      return [name, values];
    });
    return Object.fromEntries(entries);
  },
};
