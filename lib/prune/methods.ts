import { lookUp, register } from '../base';
import { checkMethod } from './checkMethod';
import { mst, mstNetwork, mstPathMass } from './masks/mst';
import {
  phew,
  phew2,
  phewAsPublished,
  phewInverse,
  phewKernel,
  phewReverse,
  phewUniform,
} from './masks/phew';
import { randomEr, randomErk, randomErkPlus, randomSmartRatio, randomUniform } from './masks/randomByRatio';
import { randomLike } from './masks/randomLike';
import type { Described, Method } from './method';
import { deim, deimLeverage } from './scores/deim';
import { force, graspIt, iterSnip } from './scores/force';
import { gradientMagnitude } from './scores/gradientMagnitude';
import { grasp, graspAsPublished } from './scores/grasp';
import { magnitude } from './scores/magnitude';
import { ntkSap } from './scores/ntkSap';
import { pathDeim } from './scores/pathDeim';
import { pathMagnitude } from './scores/pathMagnitude';
import { px, pxAsPublished, pxWidetopo } from './scores/px';
import { random } from './scores/random';
import { snip, snipAsPublished } from './scores/snip';
import { synflow, synflowAsPublished } from './scores/synflow';
import { synflowDist, synflowDistAsPublished } from './scores/synflowDist';
import {
  synflowL2,
  synflowL2AsPublished,
  synflowL2Mixed,
  synflowL2Once,
  synflowL2Px,
  synflowL2Trace,
} from './scores/synflowL2';
import { synflowL2Dist, synflowL2DistAsPublished, synflowL2DistPx } from './scores/synflowL2Dist';
import { channelsL1 } from './structured/channelsL1';
import { channelsRandom } from './structured/channelsRandom';
import { classMeanGap, classMeanGapAsPublished } from './structured/classMeanGap';
import { dfpc, dfpcSingle } from './structured/dfpc';
import { tvsGauss, tvsGaussDiagonal } from './structured/tvsGauss';
import { tvsWitness } from './structured/tvsWitness';

const builtIn = {
  random,
  magnitude,
  snip,
  'snip/as-published': snipAsPublished,
  grasp,
  'grasp/as-published': graspAsPublished,
  synflow,
  'synflow/as-published': synflowAsPublished,
  'synflow-l2': synflowL2,
  'synflow-l2/as-published': synflowL2AsPublished,
  'synflow-l2/px': synflowL2Px,
  'synflow-l2/once': synflowL2Once,
  'synflow-l2/mixed': synflowL2Mixed,
  'synflow-l2/trace': synflowL2Trace,
  'synflow-dist': synflowDist,
  'synflow-dist/as-published': synflowDistAsPublished,
  'synflow-l2-dist': synflowL2Dist,
  'synflow-l2-dist/as-published': synflowL2DistAsPublished,
  'synflow-l2-dist/px': synflowL2DistPx,
  'path-magnitude': pathMagnitude,
  px,
  'px/as-published': pxAsPublished,
  'px/widetopo': pxWidetopo,
  'ntk-sap': ntkSap,
  deim,
  'deim/leverage': deimLeverage,
  'gradient-magnitude': gradientMagnitude,
  'path-deim': pathDeim,
  dfpc,
  'dfpc/single': dfpcSingle,
  'channels-l1': channelsL1,
  'channels-random': channelsRandom,
  'tvs-gauss': tvsGauss,
  'tvs-gauss/diagonal': tvsGaussDiagonal,
  'tvs-witness': tvsWitness,
  'class-mean-gap': classMeanGap,
  'class-mean-gap/as-published': classMeanGapAsPublished,
  phew,
  phew2,
  'phew/as-published': phewAsPublished,
  'phew/uniform': phewUniform,
  'phew/inverse': phewInverse,
  'phew/kernel': phewKernel,
  'phew/reverse': phewReverse,
  force,
  'iter-snip': iterSnip,
  'grasp-it': graspIt,
  'random/uniform': randomUniform,
  'random/er': randomEr,
  'random/erk': randomErk,
  'random/erk-plus': randomErkPlus,
  'random/smart-ratio': randomSmartRatio,
  'random/snip': randomLike(snip),
  'random/grasp': randomLike(grasp),
  'random/synflow': randomLike(synflow),
  mst,
  'mst/path-mass': mstPathMass,
  'mst/network': mstNetwork,
} as const satisfies Record<string, Described>;

/**
 * Every pruning method by name, those registered too; of the built-in ones a plain name is the paper's mathematics,
 * `/as-published`, `/px` and `/widetopo` are public code, `/once`, `/mixed` and `/trace` the parts of such code that sums over paths are,
 * and other names behind a stroke variants that a paper compares with. `random/NAME` is random in each layer, with the layer densities of
 * the rule or method NAME.
 */
export const methods: typeof builtIn & Record<string, Method> = { ...builtIn };

/** The name of a pruning method, built in or registered. */
export type MethodName = keyof typeof builtIn | (string & {});

/** @throws `invalid method; unknown, did you mean …` for a name that is neither built in nor registered */
export function methodNamed(name: MethodName): Method {
  return lookUp('method', methods, name);
}

/**
 * Gives a method of one's own a name for this process, by which `prune` finds it. Runs and sweeps know it where a plug-in
 * registers it. A name may be given anew, but none of those built in.
 *
 * @returns takes it out again
 * @throws `invalid method; …` for the name of a built-in method and for what is no method
 */
export function registerMethod(name: string, method: Method): () => void {
  checkMethod(method);
  return register('method', methods as Record<string, Method>, name, method);
}
