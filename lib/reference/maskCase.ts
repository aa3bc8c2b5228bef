import { invalid, lookUp } from '../base';
import { type Fields, fieldsOf } from './jsonFields';
import type { MaskSettings } from './maskSteps';
import { type FileMethod, METHODS } from './methods';

/** One mask of a reference file: how it was made, and what to call it. */
export interface MaskCase extends MaskSettings, FileMethod {
  /** `masks.synflow.global.c1.n100`: method, scope, exponent of the compression, iterations. */
  readonly name: string;
}

/**
 * How a mask of a reference file is made.
 *
 * @returns undefined for a method that is not of this library
 * @throws `invalid reference file; …` for settings that make no sense
 */
export function readMaskCase(fields: Fields): MaskCase | undefined {
  const { text, number } = fieldsOf('masks[…]', fields);
  const method = METHODS[text('method')];
  if (method === undefined) return undefined;
  const scope = lookUp('scope', { global: 'global', local: 'layer' } as const, text('scope'));
  const schedule = lookUp(
    'schedule',
    { exponential: 'exponential', linear: 'linear' } as const,
    fields.schedule === undefined ? 'exponential' : text('schedule'),
  );
  const density = fields.sparsity === undefined ? 10 ** -number('compression_exponent') : number('sparsity');
  if (!(0 < density && density <= 1))
    throw invalid('reference file', 'masks[…].sparsity not in (0, 1]', density);
  const iterations = number('epochs');
  const exponent = Number(-Math.log10(density).toFixed(6));
  const parts = [text('method'), text('scope'), `c${exponent}`, `n${iterations}`];
  if (schedule !== 'exponential') parts.push(schedule);
  return { ...method, name: `masks.${parts.join('.')}`, density, iterations, schedule, scope };
}
