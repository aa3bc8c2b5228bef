import { checkNames } from '../base';
import { logAxis } from './axes';
import type { Figure, ScatterSeries } from './figure';
import { short } from './format';
import { distinct, requireFields, requireOne } from './rows';
import { compose, palette } from './theme';

/** The error of a sketch: so many draws by some probabilities. */
export interface SketchErrorRow {
  /** What the probabilities are proportional to. */
  probabilities: string;
  draws: number;
  /** In closed form, as `pruning.sketchError` has it. */
  expected: number;
  /** The mean over sketches that were drawn, and its standard error. */
  measured: number;
  standardError: number;
}

/**
 * The error of sketches against the number of draws, both logarithmic: a line is the closed form, a marker with a bar of two
 * standard errors the mean over sketches that were drawn.
 *
 * @param options `title`
 * @throws `invalid rows; …` where there are none, or a number or a name is missing
 */
export function sketchErrors(rows: readonly SketchErrorRow[], options: { title?: string } = {}): Figure {
  checkNames('sketchErrors', options, { title: 1 });
  const { title = 'Error of sketches, foretold and measured' } = options;
  requireFields(rows, {
    numbers: ['draws', 'expected', 'measured', 'standardError'],
    names: ['probabilities'],
  });
  requireOne(rows, { line: 'probabilities' });
  const data = distinct(rows, 'probabilities').flatMap((name, place): ScatterSeries[] => {
    const own = rows.filter(({ probabilities }) => probabilities === name);
    const color = palette[place % palette.length];
    const x = own.map(({ draws }) => draws);
    const shared = { type: 'scatter', legendgroup: name, x } as const;
    return [
      {
        ...shared,
        mode: 'lines',
        name,
        y: own.map(({ expected }) => expected),
        hovertext: own.map(
          ({ draws, expected }) => `<b>${name}</b><br>${draws} draws<br>error foretold ${short(expected)}`,
        ),
        hoverinfo: 'text',
        line: { color, width: 2 },
      },
      ...own.map(
        ({ draws, measured, standardError }): ScatterSeries => ({
          ...shared,
          mode: 'lines',
          name,
          showlegend: false,
          x: [draws, draws],
          y: [Math.max(measured - 2 * standardError, measured / 10), measured + 2 * standardError],
          hovertext: [],
          hoverinfo: 'skip',
          line: { color, width: 5 },
        }),
      ),
      {
        ...shared,
        mode: 'markers',
        name: `${name}, measured`,
        showlegend: false,
        y: own.map(({ measured }) => measured),
        hovertext: own.map(
          ({ draws, measured, standardError }) =>
            `<b>${name}</b><br>${draws} draws<br>error measured ${short(measured)} ± ${short(2 * standardError)}`,
        ),
        hoverinfo: 'text',
        marker: { color, symbol: 'circle', size: 8 },
      },
    ];
  });
  return compose(data, {
    title,
    x: logAxis(
      'draws',
      rows.map(({ draws }) => draws),
    ),
    y: logAxis(
      'E ‖Xw − Xw̃‖²',
      rows.flatMap(({ expected, measured }) => [expected, measured]),
    ),
    legend: 'p by',
  });
}
