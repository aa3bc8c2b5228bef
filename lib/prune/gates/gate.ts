import { invalid, lookUp } from '../../base';
import type { Initialiser } from '../../network';
import { isBuilding, type Method } from '../method';
import { isSampled, type Select, type SelectionName } from '../select';

/**
 * What is taken from a method to see whether it mattered (Frankle et al. 2021, arXiv 2009.08576; Su et al. 2020, arXiv
 * 2009.11094):
 *
 * - `shuffle`: which weights of a layer are kept is drawn anew, as many in each layer;
 * - `reinitialise`: the mask is made for other weights of the same law and laid over the given ones, which comes to drawing the weights
 *   anew after pruning at initialisation;
 * - `invert`: the weights with the lowest scores are kept.
 */
export type Gate = 'shuffle' | 'reinitialise' | 'invert';

const gates: Readonly<Record<Gate, 1>> = { shuffle: 1, reinitialise: 1, invert: 1 };

/**
 * @throws `invalid gate; …` for an unknown one, and for `invert` where nothing is chosen by scores or by a rule that takes
 *   none below 0; `invalid initialiser; …` where no weights are drawn
 */
export function checkGate(
  gate: Gate | undefined,
  {
    method,
    select,
    initialiser,
  }: { method: Method; select: SelectionName | Select; initialiser?: Initialiser },
): void {
  if (initialiser !== undefined && gate !== 'reinitialise')
    throw invalid('initialiser', 'only for gate reinitialise', initialiser);
  if (gate === undefined) return;
  lookUp('gate', gates, gate);
  if (gate !== 'invert') return;
  if (isBuilding(method)) throw invalid('gate', 'a method without scores cannot be inverted', gate);
  if (select === 'threshold' || isSampled(select)) throw invalid('gate', `not with select ${select}`, gate);
}
