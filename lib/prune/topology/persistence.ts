import { checkNames, invalid } from '../../base';
import type { Forest } from './spanningForest';

export interface PersistenceOptions {
  /** What weights are divided by: the largest edge by default. */
  largest?: number;
  /** Power of the norm; 2 by default. */
  power?: number;
}

/** Persistent homology of order 0: what hangs together as the weights are admitted from the largest down. */
export interface Persistence {
  /** Birth and death of each component that is joined to another: 1, and the edge's share of the largest. */
  readonly points: readonly [birth: number, death: number][];
  /** Σ (1 − death) */
  readonly total: number;
  /** (Σ (1 − death)^p)^(1/p), and its share of what nodes − 1 deaths at 0 would give: neural persistence. */
  readonly norm: number;
  readonly normalised: number;
}

/**
 * The persistence diagram of a layer or network from its spanning forest (Rieck et al. 2019, arXiv 1812.09764): every node is born
 * at 1, and each edge of the forest ends a component at its weight over the largest. Components that stay apart are left out.
 *
 * @throws `invalid largest; …` where it is below an edge
 */
export function persistence({ nodes, edges }: Forest, options: PersistenceOptions = {}): Persistence {
  checkNames('persistence', options, { largest: 1, power: 1 });
  const { largest = edges[0]?.weight ?? 1, power = 2 } = options;
  if (!(largest > 0 && largest >= (edges[0]?.weight ?? 0)))
    throw invalid('largest', `not above 0 and ${edges[0]?.weight}, the largest edge`, largest);
  if (!(power > 0)) throw invalid('power', 'not above 0', power);
  const lives = edges.map(({ weight }) => 1 - weight / largest);
  const norm = lives.reduce((sum, life) => sum + life ** power, 0) ** (1 / power);
  return {
    points: edges.map(({ weight }) => [1, weight / largest]),
    total: lives.reduce((sum, life) => sum + life, 0),
    norm,
    normalised: nodes > 1 ? norm / (nodes - 1) ** (1 / power) : 0,
  };
}

/** How many components there are with the edges of at least each weight alone. */
export function componentsAt({ nodes, edges }: Forest, thresholds: readonly number[]): number[] {
  return thresholds.map((threshold) => nodes - edges.filter(({ weight }) => weight >= threshold).length);
}
