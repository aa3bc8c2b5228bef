import { kernelsOf, type Mask, type Network, type Params } from '../../network';
import { tf } from '../../tensor';
import { maskOf } from '../maskOf';
import { type BuildContext, type BuildingMethod, described } from '../method';
import { type Select, survivorsUnder } from '../select';
import { withForest } from '../select/forest';
import { keeping } from '../select/keeping';
import { edgeSizes, forestMask, type NetworkForestOptions, networkForest } from '../topology';

const about = {
  paper: 'Balwani and Krzyston 2022, arXiv 2206.06563',
  criterion: 'topology',
  cost: 'a sort of the pairs of channels of each layer',
  references: ['spanning-trees'],
} as const;

const OURS =
  'channels as nodes of a convolution, the largest weight between two as their edge; one cut before training, where the text prunes a trained network in turns; no code was found';

/**
 * Keeps what hangs together (zeroth-order topology, Balwani and Krzyston 2022, arXiv 2206.06563): a maximum spanning tree of each layer
 * by |θ|, inputs + outputs − 1 weights of a dense one, and then the largest |θ| of all.
 *
 * No layer is lost and no channel: each has a weight on both sides. Masks lie in those of larger densities.
 */
export const mst = described(
  method('spanning trees of the layers by |θ|, then the largest |θ|', 'magnitude'),
  {
    ...about,
    ours: OURS,
  },
);

/** {@link mst} by path mass Σ |v_p|, SynFlow's first score, for trees and filling: a sparsest mask whose every weight is on a path. */
export const mstPathMass = described(
  method('spanning trees of the layers by Σ |v_p|, then the largest', 'path-mass'),
  {
    ...about,
    cost: 'a gradient of R, and a sort of the pairs of channels of each layer',
    ours: `${OURS}; path mass in place of |θ|`,
  },
);

/** One spanning tree of the whole network, Σ n − 1 weights, then the largest |θ|: it hangs together, but not each weight is on a path. */
export const mstNetwork = described(
  method('one spanning tree of the network by |θ|, then the largest |θ|', 'magnitude', true),
  {
    ...about,
    ours: `${OURS}; channels that an addition joins are one node`,
  },
);

function method(description: string, by: 'magnitude' | 'path-mass', isWhole = false): BuildingMethod {
  return {
    description,
    needs: 'nothing',
    build(network, params, context) {
      const { mask } = context;
      if (!isWhole) return filled(network, params, context, { by, mask }, withForest);
      const tree = forestMask(network, networkForest(network, params, { by, mask }));
      try {
        return filled(network, params, context, { by, mask }, keeping(tree));
      } finally {
        tf.dispose(tree);
      }
    },
  };
}

/** What a selection keeps of the layers that are pruned; the others whole. */
function filled(
  network: Network,
  params: Params,
  { kernels, mask, density, random }: BuildContext,
  options: NetworkForestOptions,
  select: Select,
): Mask {
  const sizes = edgeSizes(network, params, options);
  const scores = kernels.map(({ name }) => Float64Array.from(sizes[name]));
  const candidates = survivorsUnder(mask, kernels);
  const total = scores.reduce((sum, { length }) => sum + length, 0);
  const count = Math.round(density * total);
  const kept = select({ scores, candidates, count, density, kernels, random });
  const names = kernels.map(({ name }) => name);
  const every = survivorsUnder(undefined, kernelsOf(network));
  return maskOf(
    network,
    kernelsOf(network).map(({ name }, k) => kept[names.indexOf(name)] ?? every[k]),
  );
}
