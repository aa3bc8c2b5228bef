import { checkNames } from '../../base';
import type { Control } from './control';
import { createControl } from './createControl';

export interface ButtonOptions {
  /** What it does, on it. */
  description: string;
}

/**
 * A button; its value is how often it was pressed. It appears where it is shown, or is a cell's last expression.
 *
 *     const again = display.button({ description: 'Draw other weights' });
 */
export function button(options: ButtonOptions): Control<number> {
  checkNames('button', options, { description: true });
  return createControl({
    kind: 'Button',
    style: 'ButtonStyle',
    width: 'max-content',
    description: options.description,
    state: {},
    value: 0,
    read: ({ content }, pressed) => (content?.event === 'click' ? pressed + 1 : undefined),
    each: true,
    text: (pressed) => `pressed ${pressed} times`,
  });
}
