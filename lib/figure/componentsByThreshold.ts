import { checkNames, invalid } from '../base';
import { logAxis } from './axes';
import type { Figure, ScatterSeries } from './figure';
import { short } from './format';
import { methodStyle } from './methodStyle';
import { requireRows } from './rows';
import { compose } from './theme';

/** A maximum spanning forest, as `pruning.spanningForest` gives it. */
export interface DrawnForest {
  nodes: number;
  /** From the heaviest on. */
  edges: readonly { weight: number }[];
}

/** So many points of a line at most; each is exact. */
const POINTS = 200;

/**
 * How many parts a layer or network falls into where only the weights above a threshold count: the persistence of its components,
 * a line a forest. The threshold is a share of the largest weight.
 *
 * @param forests by name
 * @throws `invalid forests; …` where there are none, or one has no edge above 0
 */
export function componentsByThreshold(
  forests: Readonly<Record<string, DrawnForest>>,
  options: { title?: string; legend?: string } = {},
): Figure {
  checkNames('componentsByThreshold', options, { title: 1, legend: 1 });
  const { title = 'Components above a threshold', legend = 'graph' } = options;
  requireRows('forests', Object.keys(forests ?? {}));
  const data = Object.entries(forests).map(([name, { nodes, edges }], place): ScatterSeries => {
    const largest = edges[0]?.weight;
    if (!(largest > 0)) throw invalid('forests', 'has no edge above 0', name);
    const step = Math.ceil(edges.length / POINTS);
    const shown = edges.flatMap(({ weight }, i) =>
      i % step === 0 || i === edges.length - 1 ? [{ x: weight / largest, y: nodes - i - 1 }] : [],
    );
    const { color, dash } = methodStyle(name, place);
    return {
      type: 'scatter',
      mode: 'lines',
      name,
      x: shown.map(({ x }) => x),
      y: shown.map(({ y }) => y),
      hovertext: shown.map(
        ({ x, y }) => `<b>${name}</b><br>above ${short(x)} of the largest<br>${short(y)} components`,
      ),
      hoverinfo: 'text',
      line: { color, dash, width: 2 },
    };
  });
  return compose(data, {
    title,
    x: { title: { text: 'threshold / largest weight', standoff: 12 }, autorange: 'reversed' },
    y: logAxis(
      'components',
      data.flatMap(({ y }) => y as number[]),
    ),
    legend,
  });
}
