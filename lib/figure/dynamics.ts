import { checkNames, lookUp } from '../base';
import { logAxis } from './axes';
import type { Axis, Figure, ScatterSeries } from './figure';
import { short } from './format';
import { distinct, requireFields, requireOne } from './rows';
import { compose, palette } from './theme';

/** How a curve came to be: of the network trained, of its linearisation trained, or of the tangent kernel alone. */
export type DynamicsSource = 'network' | 'linearised' | 'closed form';

/** One number at one time of a training. */
export interface DynamicsRow {
  /** Whose training it is, such as `compression 10`: a colour each. */
  training: string;
  source: DynamicsSource;
  /** Steps, epochs or time. */
  time: number;
  /** A loss, or an output. */
  value: number;
}

export interface DynamicsOptions {
  /** `Loss over training` by default. */
  title?: string;
  /** `step` and `loss` by default. */
  x?: string;
  y?: string;
  /** Which axes are logarithmic; none by default. */
  log?: 'x' | 'y' | 'xy';
}

type Style = Pick<ScatterSeries, 'mode'> & { dash: 'solid' | 'dash' | 'dot'; symbol: string };

/** What is measured has marks, what is predicted a line alone. */
const STYLES: Readonly<Record<DynamicsSource, Style>> = {
  network: { mode: 'lines+markers', dash: 'solid', symbol: 'circle' },
  linearised: { mode: 'markers', dash: 'dash', symbol: 'circle-open' },
  'closed form': { mode: 'lines', dash: 'dot', symbol: 'circle' },
};

/**
 * What trainings come to over time, of a network, of its linearisation, and as the tangent kernel predicts it.
 *
 * @throws `invalid rows; …` where there are none, or a row lacks a number or a name; `invalid source; …`
 */
export function dynamics(rows: readonly DynamicsRow[], options: DynamicsOptions = {}): Figure {
  checkNames('dynamics', options, { title: 1, x: 1, y: 1, log: 1 });
  const { title = 'Loss over training', x = 'step', y = 'loss', log } = options;
  requireFields(rows, { numbers: ['time', 'value'], names: ['training', 'source'] });
  requireOne(rows, { line: 'training' });
  const trainings = distinct(rows, 'training');
  const data = trainings.flatMap((training, place) => {
    const own = rows.filter((row) => row.training === training);
    const color = palette[place % palette.length];
    return distinct(own, 'source').map((source): ScatterSeries => {
      const { mode, dash, symbol } = lookUp('source', STYLES, source);
      const points = own.filter((row) => row.source === source).sort((a, b) => a.time - b.time);
      const name = trainings.length > 1 ? `${training}, ${source}` : source;
      return {
        ...{ type: 'scatter', mode, name, legendgroup: training },
        x: points.map(({ time }) => time),
        y: points.map(({ value }) => value),
        hovertext: points.map(
          ({ time, value }) => `<b>${name}</b><br>${x} ${short(time)}<br>${y} ${short(value)}`,
        ),
        hoverinfo: 'text',
        line: { color, dash, width: 2 },
        marker: { color, symbol, size: 7 },
      };
    });
  });
  const axis = (text: string, along: 'x' | 'y', values: number[]): Axis =>
    log?.includes(along) ? logAxis(text, values) : { title: { text, standoff: 12 }, type: 'linear' };
  return compose(data, {
    title,
    x: axis(
      x,
      'x',
      rows.map(({ time }) => time),
    ),
    y: axis(
      y,
      'y',
      rows.map(({ value }) => value),
    ),
    legend: trainings.length > 1 ? 'training' : 'outputs of',
  });
}
