import { checkNames } from '../base';
import type { Figure } from './figure';
import { lines } from './lines';
import { requireFields, requireOne } from './rows';
import { networkSettings } from './settings';

/** ln Tr Π at one mask. */
export interface FrozenTraceRow {
  method: string;
  /** kept / total, in (0, 1] */
  density: number;
  /** Over the trainable weights, the others frozen. */
  logFrozen: number;
  /** Of the pruned network; null where no path is left. */
  logPruned: number | null;
  /** Of the whole one. */
  logDense: number;
}

/**
 * The trace over the weights that a mask keeps trainable, in the dense network and in the pruned one, against density: what freezing in
 * place of pruning leaves of the Path Kernel, as a share of its dense trace. A line of pruned networks ends where no path is left.
 *
 * @throws `invalid rows; …` where there are none, or a row lacks a number or its method
 */
export function frozenTrace(rows: readonly FrozenTraceRow[], options: { title?: string } = {}): Figure {
  checkNames('frozenTrace', options, { title: 1 });
  requireFields(rows, { numbers: ['density', 'logFrozen', 'logDense'], names: ['method'] });
  requireOne(rows, { line: 'method', settings: networkSettings });
  const left = rows.filter(({ logPruned }) => logPruned !== null);
  if (left.length > 0) requireFields(left, { numbers: ['logPruned'] });
  return lines(
    rows.flatMap(({ method, density, logFrozen, logPruned, logDense }) => [
      { line: `${method}/frozen`, x: density, y: Math.exp(logFrozen - logDense) },
      ...(logPruned === null
        ? []
        : [{ line: `${method}/pruned`, x: density, y: Math.exp(logPruned - logDense) }]),
    ]),
    {
      title: options.title ?? 'The Path Kernel trace of what is trained: frozen and pruned',
      x: 'density',
      y: 'trace / dense trace',
      log: 'xy',
      level: { at: 1, name: 'dense' },
    },
  );
}
