import { kernelsOf } from '../../network';
import type { About } from '../about';
import { maskOf } from '../maskOf';
import type { BuildingMethod, Described } from '../method';
import { drawSubset, survivorsUnder } from '../select';
import { type LayerRatioName, quotasOf } from './layerQuotas';

/** Random masks with the layer densities of a rule and exact counts (Liu et al. 2022, arXiv 2202.02643). */
function randomByRatio(
  ratio: LayerRatioName,
  description: string,
  about: Pick<About, 'paper' | 'ours'>,
): Described<BuildingMethod> {
  return {
    description: `random; layer densities ${description}`,
    about: {
      ...about,
      criterion: 'chance',
      cost: 'a random number for each weight',
      references: ['layer-densities'],
    },
    needs: 'nothing',
    build(network, _, { density, kernels, mask, random }) {
      const quotas = quotasOf(network, ratio, density, kernels);
      const pool = survivorsUnder(mask, kernelsOf(network));
      const kept = kernelsOf(network).map(({ name, layer }, k) => {
        const quota = quotas.find((one) => one.layer === layer);
        return quota ? drawSubset(pool[k], quota.kept, random.fork(name)) : pool[k];
      });
      return maskOf(network, kept);
    },
  };
}

/** The same density in every layer, exactly. */
export const randomUniform = randomByRatio('uniform', 'all the same', {
  paper: 'Liu et al. 2022, arXiv 2202.02643',
});

/** Densities ∝ (in + out) / (in · out) (Mocanu et al. 2018, arXiv 1707.04780). */
export const randomEr = randomByRatio('er', '∝ (in + out) / (in · out), Erdős–Rényi', {
  paper: 'Mocanu et al. 2018, arXiv 1707.04780',
});

/** Densities ∝ (in + out + height + width) / weights (Evci et al. 2020, arXiv 1911.11134). */
export const randomErk = randomByRatio(
  'erk',
  '∝ (in + out + height + width) / weights, Erdős–Rényi with kernels',
  {
    paper: 'Evci et al. 2020, arXiv 1911.11134',
  },
);

/** ERK with the last layer kept whole (Liu et al. 2022, arXiv 2202.02643). */
export const randomErkPlus = randomByRatio('erk-plus', 'by ERK, the last layer whole', {
  paper: 'Liu et al. 2022, arXiv 2202.02643',
});

/** Smart ratio (Su et al. 2020, arXiv 2009.11094): densities that fall with depth, 0.3 in dense layers. */
export const randomSmartRatio = randomByRatio(
  'smart-ratio',
  '∝ k² + k, k layers from the end; 0.3 in dense ones',
  {
    paper: 'Su et al. 2020, arXiv 2009.11094',
    ours: 'in a network of dense layers all but the last stand for the convolutions; what finds no place in any goes to the dense layers',
  },
);
