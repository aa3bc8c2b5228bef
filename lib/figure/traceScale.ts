import { depthScale, mixedColor } from './depthColor';
import type { ScatterSeries } from './figure';
import { powerOfTen } from './format';

/** In pixels: a line of the legend, its title, the key with its title, what the frame has around the plot. */
const LINE = 22;
const HEADING = 30;
const KEY = 150;
const FRAME = 116;

/** So many numbers stand beside a key at most. */
const MOST_NUMBERS = 5;

/** Colours that stand for traces before training, with their key. */
export interface TraceScale {
  /** The colour of a trace. */
  color(exponent: number): string;
  /**
   * A series without points that carries the key, below a legend.
   *
   * @param lines how many lines the legend has
   * @returns the series, and the height of a figure in which both have room
   */
  key(lines: number): { series: ScatterSeries; height: number };
}

/**
 * Colours by the place of a trace in the order of all, those within a tenth of a power of ten in one place: by its size one far from
 * the others would leave them all one colour.
 *
 * @param exponents decimal logarithms of the traces
 */
export function traceScale(exponents: readonly number[]): TraceScale {
  const places = [...new Set(exponents.map(rounded))].sort((a, b) => a - b);
  const last = places.length - 1;
  return {
    color: (exponent) => mixedColor(last > 0 ? places.indexOf(rounded(exponent)) / last : 1),
    key(lines) {
      const legend = HEADING + LINE * lines;
      const plot = Math.max(420 - FRAME, legend + KEY);
      const len = (plot - legend) / plot;
      const shown = Math.min(places.length, MOST_NUMBERS);
      const ticks = Array.from({ length: shown }, (_, i) => Math.round((i * last) / Math.max(1, shown - 1)));
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
          color: [0],
          cmin: 0,
          cmax: Math.max(1, last), // a key of no extent is not drawn
          colorscale: depthScale,
          showscale: true,
          colorbar: {
            title: { text: 'Tr Π before training', side: 'top' },
            thickness: 14,
            outlinewidth: 0,
            len,
            y: len / 2,
            tickvals: ticks,
            ticktext: ticks.map((place) => powerOfTen(places[place])),
          },
        },
      };
      return { series, height: plot + FRAME };
    },
  };
}

const rounded = (exponent: number) => Number(exponent.toFixed(1));
