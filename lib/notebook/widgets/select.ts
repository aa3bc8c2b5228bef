import { checkNames, invalid } from '../../base';
import { escapeHtml } from '../escapeHtml';
import type { Control } from './control';
import { createControl } from './createControl';

export interface SelectOptions<Value> {
  /** What is chosen, before it; nothing by default. */
  description?: string;
  /** What there is to choose from. */
  options: readonly Value[];
  /** What is chosen at the start; the first by default. */
  value?: Value;
}

/**
 * A list to choose one of: names, or numbers. It appears where it is shown, or is a cell's last expression.
 *
 *     const method = display.select({ description: 'method', options: ['synflow', 'snip'] });
 *
 * @throws `invalid select; …` where there are no options or the value is none of them
 */
export function select<const Value extends string | number>(options: SelectOptions<Value>): Control<Value> {
  checkNames('select', options, { description: true, options: true, value: true });
  const { description = '', options: choices, value = choices?.[0] } = options;
  if (!(choices?.length > 0)) throw invalid('select', 'no options to choose from', choices);
  if (!choices.includes(value)) throw invalid('select', `value is none of ${choices.join(', ')}`, value);
  return createControl<Value>({
    kind: 'Dropdown',
    style: 'DescriptionStyle',
    width: 'max-content',
    description,
    state: { _options_labels: choices.map(String), index: choices.indexOf(value) },
    value,
    read: ({ state }) => choices[Number(state?.index)],
    text: String,
    html: (chosen) =>
      choices
        .map((one) => (one === chosen ? `<b>${escapeHtml(String(one))}</b>` : escapeHtml(String(one))))
        .join(' · '),
  });
}
