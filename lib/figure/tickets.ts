import { checkNames } from '../base';
import type { Figure } from './figure';
import { lines } from './lines';
import { requireFields, requireOne } from './rows';
import { networkSettings } from './settings';

/** A training under a mask of iterative magnitude pruning; several of one branch and density are seeds. */
export interface TicketRow {
  /** What it was trained from: `retrain`, `shuffle`, …, or any other name. */
  branch: string;
  /** kept / total, in (0, 1] */
  density: number;
  /** Test accuracy, from 0 to 1. */
  testTop1: number;
}

/**
 * Test accuracy under the masks of iterative magnitude pruning against density, a line for each branch: what a winning ticket owes to its
 * weights and to their places is how far the lines are apart. Of seeds the mean, in a band from the smallest to the largest.
 *
 * @throws `invalid rows; …` where there are none, or a row lacks a number or its branch
 */
export function tickets(rows: readonly TicketRow[], options: { title?: string } = {}): Figure {
  checkNames('tickets', options, { title: 1 });
  requireFields(rows, { numbers: ['density', 'testTop1'], names: ['branch'] });
  requireOne(rows, { line: 'branch', settings: [...networkSettings, 'epochs'] });
  return lines(
    rows.map(({ branch, density, testTop1 }) => ({ line: branch, x: density, y: testTop1 })),
    {
      title: options.title ?? 'Winning tickets: accuracy by what the mask is trained from',
      x: 'density',
      y: 'test accuracy',
      log: 'x',
      legend: 'branch',
    },
  );
}
