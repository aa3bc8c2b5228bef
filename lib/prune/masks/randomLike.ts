import { invalid } from '../../base';
import { kernelsOf, type Network, type Params } from '../../network';
import { tf } from '../../tensor';
import { checkMethod } from '../checkMethod';
import { shuffled } from '../gates/shuffleMask';
import { maskOf } from '../maskOf';
import { type BuildContext, type BuildingMethod, type Described, isBuilding, type Method } from '../method';
import { pruneSteps } from '../pruneSteps';
import { type Survivors, selections, survivorsUnder } from '../select';

/**
 * Random masks with the layer densities that another method comes to, exactly (Liu et al. 2022, arXiv 2202.02643): that method's masks,
 * shuffled within layers.
 *
 *     await prune(network, params, { method: pruning.randomLike(methods.magnitude), density: 0.1 });
 *
 * @param method scored as often as it is by default, over all layers
 */
export function randomLike(method: Method): Described<BuildingMethod> {
  if (typeof method === 'string')
    throw invalid('method', 'not an entry of methods, as methods.snip is', method);
  checkMethod(method);
  const { description, about, needs, version } = method;
  return {
    description: `random; layer densities of ${description}`,
    about: {
      paper: 'Liu et al. 2022, arXiv 2202.02643',
      criterion: 'chance',
      cost: `${about?.cost ?? 'the other method'}, and a random number for each weight`,
    },
    needs,
    version,
    async build(network, params, context) {
      const kernels = kernelsOf(network);
      const { mask, random } = context;
      const pool = survivorsUnder(mask, kernels);
      const kept = await keptBy(method, network, params, context, pool);
      const names = kernels.map(({ name }) => name);
      const drawnFrom = method.readmits ? survivorsUnder(undefined, kernels) : pool;
      return maskOf(network, shuffled(kept, drawnFrom, names, random));
    },
  };
}

/** What a method keeps of a pool. */
async function keptBy(
  method: Method,
  network: Network,
  params: Params,
  context: BuildContext,
  start: Survivors,
): Promise<Survivors> {
  if (isBuilding(method)) {
    const mask = await method.build(network, params, context);
    const kept = survivorsUnder(mask, kernelsOf(network));
    tf.dispose(mask);
    return kept;
  }
  const { density, kernels, mask, ...scored } = context;
  const { iterations } = method;
  const steps = { density, iterations, scope: 'global', select: selections.top, kernels } as const;
  let kept = start;
  for await (const step of pruneSteps(network, params, method, { ...steps, ...(mask && { start }) }, scored))
    kept = step.kept;
  return kept;
}
