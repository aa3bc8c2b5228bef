import { checkNames, invalid, lookUp } from '../../base';
import { dimension, leadingEigenvalues, leverage } from '../../linalg';
import { kernelsOf } from '../../network';
import { pathKernelOperator } from '../../path';
import { readDoubles, tf } from '../../tensor';
import type { Described, ScoringMethod } from '../method';
import { reductionOrder } from './deim';

export interface PathDeimOptions {
  /** Leading eigenvectors of G; 10 by default, or as many as have an eigenvalue above 0. */
  modes?: number;
  /** `deim` (default): the weights that DEIM chooses first, the others by leverage; `leverage`: all by leverage. */
  order?: 'deim' | 'leverage';
}

/** Eigenvalues below this share of the largest are 0. */
const ZERO = 1e-12;

/** {@link pathDeim} with settings of one's own. */
export function pathDeimWith(options: PathDeimOptions = {}): Described<ScoringMethod> {
  checkNames('pathDeimWith', options, { modes: 1, order: 1 });
  const { modes = 10, order = 'deim' } = options;
  if (!(Number.isInteger(modes) && modes >= 1)) throw invalid('modes', 'not a positive whole number', modes);
  lookUp('order', { deim: 1, leverage: 1 }, order);
  return {
    description: `the place of a weight in the order by ${order === 'deim' ? 'DEIM' : 'leverage'} on leading eigenvectors of G`,
    about: {
      paper:
        'ours, after Freitag, Nicolaus, Redmann 2023, 10.1002/pamm.202300078, and Gebhart et al. 2021, arXiv 2101.10552',
      criterion: 'paths',
      cost: 'some tens of products with G, each a pass with tangents and a gradient',
      ours: 'all of it: eigenvectors of G in place of modes of gradients',
      references: ['model-reduction'],
    },
    needs: 'nothing',
    iterations: 1,
    async score(network, params, { mask, signal }) {
      const operator = pathKernelOperator(network, params, { mask, apart: true });
      try {
        const k = Math.min(modes, dimension(operator));
        const { eigenvalues, vectors, places } = await leadingEigenvalues(operator, {
          k,
          vectors: true,
          signal,
        });
        const names = kernelsOf(network).map(({ name }) => name);
        const parts = operator.kernels.map(({ name }, part) => ({ name, part }));
        const own = parts.filter(({ name }) => names.includes(name));
        const basis = vectors
          .filter((_, i) => eigenvalues[places[i]].value > ZERO * eigenvalues[0].value)
          .slice(0, modes)
          .map((vector) => joined(own.map(({ part }) => readDoubles(vector[part]))));
        tf.dispose(vectors.flat());
        // Where no path is left, nothing chooses.
        const size = own.reduce((sum, { part }) => sum + operator.sizes[part], 0);
        const scores = basis.length > 0 ? placed(basis, order) : new Float64Array(size);
        let offset = 0;
        return Object.fromEntries(
          own.map(({ name, part }) => {
            const from = offset;
            offset += operator.sizes[part];
            return [name, scores.slice(from, offset)];
          }),
        );
      } finally {
        operator.dispose();
      }
    },
  };
}

/** Leverage, and of the weights that DEIM chooses 1 and more, the earlier the more: no leverage is above 1. */
function placed(basis: readonly Float64Array[], order: 'deim' | 'leverage'): Float64Array {
  const scores = leverage(basis);
  if (order === 'leverage') return scores;
  const chosen = reductionOrder(basis).subarray(0, basis.length);
  chosen.forEach((weight, place) => {
    scores[weight] = 1 + basis.length - place;
  });
  return scores;
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/**
 * Model order reduction without data, ours: the weights that DEIM chooses on the ten leading eigenvectors of G = JᵀJ, the Path
 * Kernel's matrix by weights, over the whole network; the others by leverage on these. Eigenvectors that the architecture alone
 * gives, of weights that are alike by their number, are left out.
 */
export const pathDeim = pathDeimWith();
