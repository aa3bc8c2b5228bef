import { max } from 'd3-array';
import { checkNames, invalid } from '../base';
import type { Figure, HeatMapSeries } from './figure';
import { short } from './format';
import { SEQUENTIAL } from './heatMap';
import { requireFields } from './rows';
import { compose } from './theme';

export interface BlockDensities {
  /** What the mask is of: a method, or a width. */
  name: string;
  /** As of `pruning.blockDensities`, all of one size. */
  densities: readonly (readonly number[])[];
}

/**
 * What masks keep between blocks of inputs and outputs, side by side on one scale: with width such pictures tend to the graphon of
 * a layer, which is of one colour where all units are alike.
 *
 * @param options `title`, and `of`: what the panels are, `method` by default
 * @throws `invalid panels; …` where there are none, or they are not squares of numbers from 0 to 1, of one size
 */
export function graphons(
  panels: readonly BlockDensities[],
  options: { title?: string; of?: string } = {},
): Figure {
  checkNames('graphons', options, { title: 1, of: 1 });
  const { title = 'Weights kept between blocks of units', of = 'method' } = options;
  requireFields(panels, { numbers: [], names: ['name'] });
  const blocks = panels[0].densities?.length;
  for (const { name, densities } of panels) {
    const isSquare =
      Array.isArray(densities) && [densities, ...densities].every((row) => row.length === blocks);
    if (!isSquare || !densities.flat().every((density) => 0 <= density && density <= 1))
      throw invalid('panels', `${name} not ${blocks} × ${blocks} numbers from 0 to 1`, densities);
  }
  const places = Array.from({ length: blocks }, (_, block) => block);
  const gap = [null];
  const z = places.map((row) =>
    panels.flatMap(({ densities }, i) => [...(i > 0 ? gap : []), ...densities[row]]),
  );
  const series: HeatMapSeries = {
    type: 'heatmap',
    name: 'density',
    x: z[0].map((_, column) => column),
    y: places.map((row) => row + 1),
    z,
    zmin: 0,
    zmax: max(panels, ({ densities }) => max(densities.flat())) || 1,
    colorscale: SEQUENTIAL,
    colorbar: { title: { text: 'weights kept', side: 'right' }, thickness: 14, outlinewidth: 0 },
    hovertext: places.map((row) =>
      panels.flatMap(({ name, densities }, i) => [
        ...(i > 0 ? [''] : []),
        ...densities[row].map(
          (density, column) =>
            `<b>${name}</b><br>inputs ${row + 1}, outputs ${column + 1}<br>${short(density)} kept`,
        ),
      ]),
    ),
    hoverinfo: 'text',
  };
  return compose([series], {
    title,
    x: {
      title: { text: `${of}; outputs, those with most weights first`, standoff: 12 },
      type: 'linear',
      tickvals: panels.map((_, i) => i * (blocks + 1) + (blocks - 1) / 2),
      ticktext: panels.map(({ name }) => name),
      tickangle: 0,
      tickfont: { size: 11 },
      showgrid: false,
      zeroline: false,
    },
    y: {
      title: { text: 'inputs, likewise', standoff: 12 },
      type: 'linear',
      autorange: 'reversed',
      showgrid: false,
    },
    height: 300,
  });
}
