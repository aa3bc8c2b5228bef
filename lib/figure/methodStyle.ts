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
  gmp: { color: '#7f4f24', dash: 'dash', symbol: 'square-open' },
  set: { color: '#8c8c8c', dash: 'dash', symbol: 'pentagon-open' },
  rigl: { color: '#cc3311', dash: 'solid', symbol: 'x' },
  granet: { color: '#009988', dash: 'solid', symbol: 'cross' },
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
  mst: { color: '#225555', dash: 'solid', symbol: 'y-up-open' },
  phew2: { color: '#bb5566', dash: 'solid', symbol: 'triangle-ne-open' },
  force: { color: '#b15928', dash: 'solid', symbol: 'star-triangle-up' },
  'iter-snip': { color: '#b8860b', dash: 'dash', symbol: 'diamond-open' },
  'grasp-it': { color: '#aa4499', dash: 'dash', symbol: 'triangle-up-open' },
  dfpc: { color: '#a6761d', dash: 'solid', symbol: 'hexagon2' },
  'channels-l1': { color: '#e7298a', dash: 'solid', symbol: 'square-cross' },
  'channels-random': { color: '#666666', dash: 'dash', symbol: 'pentagon-open' },
  'tvs-gauss': { color: '#1b9e77', dash: 'solid', symbol: 'diamond-tall' },
  'tvs-witness': { color: '#66a61e', dash: 'dashdot', symbol: 'diamond-wide' },
  'class-mean-gap': { color: '#7570b3', dash: 'solid', symbol: 'hourglass-open' },
  'synflow-l2-dist': { color: '#009e73', dash: 'dash', symbol: 'star-open' },
};

/** Random masks by where their layer densities are from: in the colours of those, or shades of random's. */
const RANDOM: Readonly<Record<string, Style>> = {
  uniform: { color: '#5f5f5f', dash: 'dash', symbol: 'pentagon-open' },
  er: { color: '#a6761d', dash: 'dot', symbol: 'square-open' },
  erk: { color: '#66a61e', dash: 'dash', symbol: 'square' },
  'erk-plus': { color: '#66a61e', dash: 'dot', symbol: 'square-cross' },
  'smart-ratio': { color: '#7570b3', dash: 'dash', symbol: 'triangle-down-open' },
};

/** What a variant such as `grasp/as-published` changes in the style of its method. */
const VARIANTS: Readonly<Record<string, Partial<Style>>> = {
  'as-published': { dash: 'dot', symbol: 'cross' },
  px: { dash: 'dashdot', symbol: 'hourglass' },
  widetopo: { dash: 'dash', symbol: 'bowtie-open' },
  once: { dash: 'dashdot', symbol: 'star-square' },
  pruned: {},
  frozen: { dash: 'dash' },
  mixed: { dash: 'dash', symbol: 'star-diamond' },
  leverage: { dash: 'dash', symbol: 'triangle-down-open' },
  uniform: { dash: 'dashdot', symbol: 'circle-cross' },
  inverse: { dash: 'dash', symbol: 'triangle-left-open' },
  kernel: { dash: 'dash', symbol: 'square-cross' },
  'path-mass': { dash: 'dash', symbol: 'y-down-open' },
  network: { dash: 'dot', symbol: 'y-left-open' },
  reverse: { dash: 'dot', symbol: 'triangle-se' },
  single: { dash: 'dash', symbol: 'hexagon2-open' },
  diagonal: { dash: 'dash', symbol: 'diamond-tall-open' },
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
  if (method === 'random' && variant) return randomStyle(variant);
  const known = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  if (!known) return other(place);
  if (!variant) return known;
  return { ...known, ...(VARIANTS[variant] ?? { dash: 'dashdot' }) };
}

/** How masks are marked that are drawn with another's layer densities. */
const DRAWN: Pick<Style, 'dash' | 'symbol'> = { dash: 'dot', symbol: 'pentagon-open' };

function randomStyle(variant: string): Style {
  if (Object.hasOwn(RANDOM, variant)) return RANDOM[variant];
  if (Object.hasOwn(METHODS, variant)) return { ...METHODS[variant], ...DRAWN };
  return { ...METHODS.random, ...(VARIANTS[variant] ?? DRAWN) };
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
