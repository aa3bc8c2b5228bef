import { checkNames, invalid } from '../../base';
import { formatNumber } from '../formatNumber';
import type { Control } from './control';
import { createControl } from './createControl';

export interface SliderOptions {
  /** What it sets, before it; nothing by default. */
  description?: string;
  /** The number at its left end. */
  min: number;
  /** The number at its right end. */
  max: number;
  /** Where it stands at the start; at its left end by default. */
  value?: number;
  /** Whether it goes by powers of ten; false by default. */
  log?: boolean;
  /** By how much it moves: 1 by default; with `log`, by how many powers of ten: a tenth by default. */
  step?: number;
}

/**
 * A slider for a number. It appears where it is shown, or is a cell's last expression.
 *
 *     const compression = display.slider({ description: 'compression', min: 1, max: 1000, value: 10, log: true });
 *
 * @throws `invalid slider; …` where the ends are not in order, the value is not between them or the step is not above 0
 */
export function slider(options: SliderOptions): Control<number> {
  checkNames('slider', options, NAMES);
  const { description = '', min, max, value = min, log = false, step = log ? 0.1 : 1 } = options;
  if (!(min < max && Number.isFinite(max - min))) throw invalid('slider', 'min is not below max', [min, max]);
  if (!(min <= value && value <= max)) throw invalid('slider', `value not in [${min}, ${max}]`, value);
  if (!(step > 0)) throw invalid('slider', 'step not above 0', step);
  if (log && !(min > 0)) throw invalid('slider', 'min not above 0, with log', min);
  const at = (number: number) => (log ? Math.log10(number) : number);
  return createControl({
    kind: log ? 'FloatLogSlider' : 'FloatSlider',
    style: 'SliderStyle',
    width: '32em',
    description,
    state: { min: at(min), max: at(max), step, value, readout_format: '~g', ...(log && { base: 10 }) },
    value,
    read({ state }) {
      const moved = state?.value;
      // The ends of a logarithmic slider are rounded.
      return typeof moved === 'number' && !Number.isNaN(moved)
        ? Math.min(max, Math.max(min, moved))
        : undefined;
    },
    text: (number) => formatNumber(number),
    html: (number) =>
      `<progress value="${at(number) - at(min)}" max="${at(max) - at(min)}"></progress> ${formatNumber(number)}`,
  });
}

const NAMES: Record<keyof SliderOptions, true> = {
  description: true,
  min: true,
  max: true,
  value: true,
  log: true,
  step: true,
};
