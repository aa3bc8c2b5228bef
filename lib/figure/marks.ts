import type { Coordinate, ScatterSeries } from './figure';

/**
 * Marks that belong to a line and have no line of the legend; none where there are no points.
 *
 * @param name of the line, with which they are shown and hidden
 * @param points with their hover labels
 */
export function marks(
  name: string,
  points: readonly (readonly [x: Coordinate, y: Coordinate, text: string])[],
  marker: ScatterSeries['marker'],
): ScatterSeries[] {
  if (points.length === 0) return [];
  return [
    {
      type: 'scatter',
      mode: 'markers',
      name,
      x: points.map(([x]) => x),
      y: points.map(([, y]) => y),
      hovertext: points.map(([, , text]) => text),
      hoverinfo: 'text',
      showlegend: false,
      legendgroup: name,
      marker,
    },
  ];
}
