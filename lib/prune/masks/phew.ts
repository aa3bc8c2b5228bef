import type { About } from '../about';
import { type BuildingMethod, type Described, described } from '../method';
import { type WalkChoice, walked } from './walked';

function phewMethod(
  description: string,
  choice: WalkChoice,
  about: Partial<About> = {},
): Described<BuildingMethod> {
  return described(
    {
      description,
      needs: 'nothing',
      build: (network, params, context) => walked(network, params, context, choice),
    },
    { paper: 'Patil and Dovrolis 2021, arXiv 2010.11354', criterion: 'paths', cost: COST, ...about },
  );
}

const COST =
  'a table for each channel that walks come by, then a step of constant time for each layer and walk';
const OURS =
  'the last walk is cut short at the count; where walks find nothing more, the chance in closed form decides; a coin of k sides where k branches part';

/**
 * PHEW, paths with higher edge weights (Patil and Dovrolis 2021, arXiv 2010.11354): random walks over channels choose the mask, at
 * each layer on to a channel v by Σ_k |w_vuk| and along element k by |w_vuk|. A walk from the next input and one from the next
 * output take turns, until exactly round(d · N) weights are found.
 *
 * No step looks at data, and no channel is starved: a walk comes back to each input and output. Shortcuts without weights are
 * not walked; where a block has a shortcut of 1×1, a fair coin chooses between it and the block. Walks go over channels:
 * where maps are small, the elements of a single walk may lead off the map. Masks of one seed lie in each other.
 */
export const phew = phewMethod(
  'random walks by |θ| from input and output in turn',
  { power: 1 },
  { ours: OURS, references: ['walks'] },
);

/** PHEW by θ², as its ablation has it. */
export const phew2 = phewMethod(
  'random walks by θ² from input and output in turn',
  { power: 2 },
  { ours: OURS },
);

/**
 * PHEW as its code has it (ShreyasMalakarjunPatil/PHEW, c4a0d40): walks are whole, until floor(d · N) weights are found, so there are a
 * few more; and the coin of a forward walk comes one layer early, so that what the block's shortcut of 1×1 reads is a channel of what
 * the layer before reads, which is no path of the network. Its walks have no seed, ours have.
 */
export const phewAsPublished = phewMethod(
  'PHEW with whole walks and a coin one layer early',
  { power: 1, isPublished: true },
  { paper: 'the code of arXiv 2010.11354' },
);

/** Walks that know no weights: each channel and each element is as likely. */
export const phewUniform = phewMethod('random walks alike over all weights', { power: 0 }, { ours: OURS });

/** Walks by 1 / |θ|: paths with lower weights. */
export const phewInverse = phewMethod(
  'random walks by 1 / |θ|',
  { power: -1 },
  {
    ours: `${OURS}; the paper's text and the code of this ablation could not be had: 1 / |θ|, and 0 for a weight of 0`,
  },
);

/** A walk takes all elements of the kernels that it comes by. */
export const phewKernel = phewMethod(
  'PHEW that takes whole kernels',
  { power: 1, isWhole: true },
  { ours: `${OURS}; the last kernel is cut short as well` },
);

/** Walks from the outputs alone. */
export const phewReverse = phewMethod(
  'random walks by |θ| from the outputs alone',
  { power: 1, directions: ['reverse'] },
  { ours: OURS },
);
