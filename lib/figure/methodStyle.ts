import type { Line } from './figure';
import { palette } from './theme';

/** How a line is told apart, by colour and again by shape. */
export interface Style {
  color: string;
  dash: NonNullable<Line['dash']>;
  symbol: string;
}

/** One colour a pruning method, the same in all figures; "Dist" twins share it and differ by dash and symbol. */
const METHODS: Readonly<Record<string, Style>> = {
  dense: { color: '#000000', dash: 'solid', symbol: 'circle' },
  random: { color: '#8c8c8c', dash: 'solid', symbol: 'pentagon' },
  magnitude: { color: '#7f4f24', dash: 'solid', symbol: 'square' },
  snip: { color: '#e69f00', dash: 'solid', symbol: 'diamond' },
  grasp: { color: '#cc79a7', dash: 'solid', symbol: 'triangle-up' },
  synflow: { color: '#0072b2', dash: 'solid', symbol: 'circle' },
  'synflow-dist': { color: '#56b4e9', dash: 'dash', symbol: 'circle-open' },
  'synflow-l2': { color: '#d55e00', dash: 'solid', symbol: 'star' },
  'path-magnitude': { color: '#6a3d9a', dash: 'solid', symbol: 'hexagon' },
  px: { color: '#117733', dash: 'solid', symbol: 'bowtie' },
  'ntk-sap': { color: '#882255', dash: 'solid', symbol: 'triangle-left' },
  deim: { color: '#44aa99', dash: 'solid', symbol: 'triangle-down' },
  'gradient-magnitude': { color: '#999933', dash: 'solid', symbol: 'square-open' },
  'path-deim': { color: '#332288', dash: 'solid', symbol: 'triangle-right' },
  phew: { color: '#ddaa33', dash: 'solid', symbol: 'triangle-ne' },
  phew2: { color: '#bb5566', dash: 'solid', symbol: 'triangle-ne-open' },
  'synflow-l2-dist': { color: '#009e73', dash: 'dash', symbol: 'star-open' },
};

/** What a variant such as `grasp/as-published` changes in the style of its method. */
const VARIANTS: Readonly<Record<string, Partial<Style>>> = {
  'as-published': { dash: 'dot', symbol: 'cross' },
  px: { dash: 'dashdot', symbol: 'hourglass' },
  widetopo: { dash: 'dash', symbol: 'bowtie-open' },
  once: { dash: 'dashdot', symbol: 'star-square' },
  mixed: { dash: 'dash', symbol: 'star-diamond' },
  leverage: { dash: 'dash', symbol: 'triangle-down-open' },
  uniform: { dash: 'dashdot', symbol: 'circle-cross' },
  inverse: { dash: 'dash', symbol: 'triangle-left-open' },
  kernel: { dash: 'dash', symbol: 'square-cross' },
  reverse: { dash: 'dot', symbol: 'triangle-se' },
  trace: { dash: 'dot', symbol: 'hexagram' },
};

/**
 * The style of a method, or of any other label by its place among the labels of a figure.
 *
 * @param label the method's name, or another name of a line
 * @param place where the label stands among those of the figure; from 0
 */
export function methodStyle(label: string, place: number): Style {
  const [method, variant = ''] = label.split('/');
  const known = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  if (!known) return other(place);
  if (!variant) return known;
  return { ...known, ...(VARIANTS[variant] ?? { dash: 'dashdot' }) };
}

const SYMBOLS = ['circle', 'square', 'diamond', 'cross', 'triangle-up', 'star', 'x', 'pentagon'];
const DASHES: readonly Style['dash'][] = ['solid', 'dash', 'dot', 'dashdot'];

function other(place: number): Style {
  return {
    color: palette[place % palette.length],
    dash: DASHES[Math.floor(place / palette.length) % DASHES.length],
    symbol: SYMBOLS[place % SYMBOLS.length],
  };
}
