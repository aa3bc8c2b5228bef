import { exponentAxis } from './axes';
import { depthScale } from './depthColor';
import type { ScatterSeries } from './figure';
import { powerOfTen } from './format';

/** In pixels: a line of the legend, its title, the key with its title, what the frame has around the plot. */
const LINE = 30;
const HEADING = 30;
const KEY = 150;
const FRAME = 116;

/**
 * The key of colours that stand for the trace before training, below a legend.
 *
 * @param low the decimal logarithm of the smallest trace
 * @param high that of the largest
 * @param lines how many lines the legend has
 * @returns a series without points that carries it, and the height of a figure in which both have room
 */
export function traceKey(
  low: number,
  high: number,
  lines: number,
): { series: ScatterSeries; height: number } {
  const legend = HEADING + LINE * lines;
  const plot = Math.max(420 - FRAME, legend + KEY);
  const len = (plot - legend) / plot;
  const powers = (exponentAxis('', [low, high]).tickvals ?? []) as number[];
  const within = powers.filter((power) => low <= power && power <= high);
  const ticks = within.length > 1 ? within : [low, high];
  const series: ScatterSeries = {
    type: 'scatter',
    mode: 'markers',
    name: 'Tr Π before training',
    x: [null],
    y: [null],
    hovertext: [],
    hoverinfo: 'skip',
    showlegend: false,
    marker: {
      color: [low],
      cmin: low,
      // A key of no extent is not drawn.
      cmax: high > low ? high : low + 1,
      colorscale: depthScale,
      showscale: true,
      colorbar: {
        title: { text: 'Tr Π before training', side: 'top' },
        thickness: 14,
        outlinewidth: 0,
        len,
        y: len / 2,
        tickvals: ticks,
        ticktext: ticks.map((tick) => powerOfTen(Number(tick.toFixed(1)))),
      },
    },
  };
  return { series, height: plot + FRAME };
}
