import { checkNames } from '../base';
import type { PlasticityRow } from '../train';
import type { Figure } from './figure';
import { lines } from './lines';
import { requireFields, requireOne } from './rows';

const LINES = {
  dense: 'dense, no pruning',
  pruned: 'right after pruning',
  recovered: 'pruned and trained on',
} as const;

/**
 * Pruning plasticity: accuracy right after pruning and after some more training, against when it is pruned; beside them the dense network at
 * the end of that training. Of several rows with one epoch (seeds) the mean, in a band from the smallest to the largest.
 *
 * @param rows as `training.pruningPlasticity` gives them
 * @throws `invalid rows; …` where there are none, or a row lacks a number
 */
export function plasticity(rows: readonly PlasticityRow[], options: { title?: string } = {}): Figure {
  checkNames('plasticity', options, { title: 1 });
  requireFields(rows, { numbers: ['epoch', 'dense', 'pruned', 'recovered'], names: [] });
  requireOne(rows);
  const points = Object.entries(LINES).flatMap(([part, line]) =>
    rows.map((row) => ({ line, x: row.epoch, y: row[part as keyof typeof LINES] })),
  );
  const { title = 'Accuracy against when it is pruned' } = options;
  return lines(points, { title, x: 'epochs before pruning', y: 'test images right', legend: 'network' });
}
