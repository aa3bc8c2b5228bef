import { product } from '../../base';
import { kernelsOf } from '../../network';
import type { Described, ScoringMethod } from '../method';

/** Uniform random scores: every set of weights of the wanted size is kept with the same probability. */
export const random: Described<ScoringMethod> = {
  description: 'uniform random numbers',
  about: {
    paper: 'the baseline of all',
    criterion: 'chance',
    cost: 'a random number for each weight',
  },
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
