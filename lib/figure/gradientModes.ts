import { checkNames } from '../base';
import type { Figure } from './figure';
import { lines } from './lines';
import { requireFields, requireOne } from './rows';

/** A mode of the gradients of one tensor. */
export interface ModeRow {
  layer: string;
  /** From 1, the largest. */
  mode: number;
  /** Its singular value over the largest of the tensor; above 0. */
  share: number;
}

/**
 * The singular values of early gradients, tensor by tensor, over the largest of each: how few modes the gradients of a training span.
 *
 * @throws `invalid rows; …` where there are none, or a row lacks a number or its layer
 */
export function gradientModes(rows: readonly ModeRow[], options: { title?: string } = {}): Figure {
  checkNames('gradientModes', options, { title: 1 });
  requireFields(rows, { numbers: ['mode', 'share'], names: ['layer'] });
  requireOne(rows, { line: 'layer' });
  return lines(
    rows.map(({ layer, mode, share }) => ({ line: layer, x: mode, y: share })),
    {
      title: options.title ?? 'Modes of early gradients',
      x: 'mode',
      y: 'singular value / largest',
      log: 'y',
      legend: 'layer',
    },
  );
}
