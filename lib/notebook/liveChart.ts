import { checkNames } from '../base';
import { palette } from '../figure';
import { type FigureLike, figureBundle } from './figureBundle';
import { type Display, openDisplay, publish } from './publish';
import { type Series, type SvgOptions, svgLines } from './svgLines';

export interface LiveChartOptions extends SvgOptions {
  /** Shortest time between two drawings, in milliseconds; 250 by default. */
  every?: number;
}

/** A chart that grows while work goes on. */
export interface LiveChart {
  /**
   * Adds a point to a line, and draws when it is time.
   *
   * @param series name of the line; a new name begins a new line
   */
  add(series: string, x: number, y: number): void;
  /**
   * Ends the chart: in its place comes an interactive figure.
   *
   * @param figure the figure to end with; the lines as they were drawn by default
   */
  end(figure?: FigureLike): void;
}

/**
 * Opens a line chart that is redrawn in place as points are added and ends as an interactive figure. Outside a notebook
 * only the end is printed, as text.
 *
 *     const chart = liveChart({ title: 'Training', xTitle: 'step', yTitle: 'loss' });
 *     await train(network, params, { data, onEpoch: (row) => chart.add('loss', row.epoch, row.trainLoss) });
 *     chart.end();
 */
export function liveChart(given: LiveChartOptions = {}): LiveChart {
  checkNames('liveChart', given, {
    ...{ every: 1, title: 1, xTitle: 1, yTitle: 1 },
    width: 1,
    height: 1,
    logY: 1,
  });
  const { every = 250, ...options } = given;
  const lines = new Map<string, { name: string; x: number[]; y: number[] }>();
  const display: Display | undefined = openDisplay();
  let drawn = Number.NEGATIVE_INFINITY;
  let ended = false;
  return {
    add(name, x, y) {
      const line = lines.get(name) ?? { name, x: [], y: [] };
      lines.set(name, line);
      line.x.push(x);
      line.y.push(y);
      if (ended || performance.now() - drawn < every) return;
      drawn = performance.now();
      const figure = toFigure([...lines.values()], options);
      display?.draw({ ...figureText(figure), 'text/html': svgLines([...lines.values()], options) });
    },
    end(figure = toFigure([...lines.values()], options)) {
      ended = true;
      if (display) display.draw(figureBundle(figure));
      else publish(figureText(figure));
    },
  };
}

/** The interactive figure of the same lines. */
export function toFigure(series: readonly Series[], options: SvgOptions = {}): FigureLike {
  const { title = '', xTitle = '', yTitle = '', width = 640, height = 300, logY = false } = options;
  return {
    data: series.map(({ name, x, y }) => ({
      type: 'scatter',
      mode: x.length > 1 ? 'lines' : 'markers', // a line of one point would not be seen
      name,
      x: [...x],
      y: [...y],
    })),
    layout: {
      title: { text: title },
      colorway: palette,
      xaxis: { title: { text: xTitle } },
      yaxis: { title: { text: yTitle }, type: logY ? 'log' : 'linear' },
      width,
      height,
      margin: { t: 40 },
    },
  };
}

function figureText(figure: FigureLike): { 'text/plain': string } {
  return { 'text/plain': figureBundle(figure)['text/plain'] };
}
