import { grasp, graspAsPublished } from './grasp';
import { magnitude } from './magnitude';
import { random } from './random';
import type { ScoreMethod } from './scoreMethod';
import { snip } from './snip';
import { synflow, synflowAsPublished } from './synflow';
import { synflowDist, synflowDistAsPublished } from './synflowDist';
import { synflowL2, synflowL2AsPublished, synflowL2Px } from './synflowL2';
import { synflowL2Dist, synflowL2DistAsPublished, synflowL2DistPx } from './synflowL2Dist';

/** Every pruning method by name; a plain name is the paper's mathematics, `/as-published` and `/px` are public code. */
export const scores = {
  random,
  magnitude,
  snip,
  grasp,
  'grasp/as-published': graspAsPublished,
  synflow,
  'synflow/as-published': synflowAsPublished,
  'synflow-l2': synflowL2,
  'synflow-l2/as-published': synflowL2AsPublished,
  'synflow-l2/px': synflowL2Px,
  'synflow-dist': synflowDist,
  'synflow-dist/as-published': synflowDistAsPublished,
  'synflow-l2-dist': synflowL2Dist,
  'synflow-l2-dist/as-published': synflowL2DistAsPublished,
  'synflow-l2-dist/px': synflowL2DistPx,
} as const satisfies Record<string, ScoreMethod>;

/** The name of a pruning method. */
export type MethodName = keyof typeof scores;
