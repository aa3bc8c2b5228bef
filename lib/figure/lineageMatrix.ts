import { extent, maxIndex } from 'd3-array';
import { checkNames, invalid } from '../base';
import type { Figure, HeatMapSeries, ScatterSeries } from './figure';
import { short } from './format';
import { SEQUENTIAL } from './heatMap';
import { partNames } from './partNames';
import { requireRows } from './rows';
import { compose } from './theme';

export interface LineageMatrixOptions {
  title?: string;
  /** One a row, from the top; `child 1` and so on by default. */
  children?: readonly string[];
  /** One a column; `parent 1` and so on by default. */
  parents?: readonly string[];
  /** Of each child the place of its true parent, from 0; nothing is said of it by default. */
  truth?: readonly number[];
  /** What the similarity is; `similarity` by default. */
  value?: string;
}

/**
 * Who was made from whom: the similarity of each child to each parent as a square, darker where they are more alike, a dot at the
 * parent that is found and a frame round the true one.
 *
 * @param similarity [children][parents], as `ntk.lineage` has it; an empty square where it is NaN
 * @throws `invalid similarity; …` for fewer than two parents or rows of different lengths, `invalid children; …`, `invalid parents; …`,
 *   `invalid truth; …` for lists that do not fit
 */
export function lineageMatrix(
  similarity: readonly (readonly number[])[],
  options: LineageMatrixOptions = {},
): Figure {
  checkNames('lineageMatrix', options, { title: 1, children: 1, parents: 1, truth: 1, value: 1 });
  requireRows('similarity', similarity);
  const width = similarity[0].length;
  if (!(width >= 2)) throw invalid('similarity', 'not of 2 parents or more', width);
  const ragged = similarity.find((row) => row.length !== width);
  if (ragged) throw invalid('similarity', `a row not of ${width} parents`, ragged);
  const { title = 'Likeness of children to parents', value = 'similarity', truth } = options;
  const children = partNames('children', options.children, similarity.length, 'child ');
  const parents = partNames('parents', options.parents, width, 'parent ');
  if (truth && !(truth.length === children.length && truth.every((place) => parents[place] !== undefined)))
    throw invalid('truth', `not one of ${width} parents for each of ${children.length} children`, truth);
  const found = similarity.map((row) => maxIndex(row));
  const [zmin = 0, zmax = 1] = extent(similarity.flat()) as [number?, number?];
  const squares: HeatMapSeries = {
    type: 'heatmap',
    name: value,
    x: parents,
    y: children,
    z: similarity.map((row) => row.map((one) => (Number.isNaN(one) ? null : one))),
    ...{ zmin, zmax: zmax > zmin ? zmax : zmin + 1, colorscale: SEQUENTIAL },
    colorbar: { title: { text: value, side: 'right' }, thickness: 14, outlinewidth: 0 },
    hovertext: similarity.map((row, i) =>
      row.map(
        (one, j) =>
          `${children[i]} of ${parents[j]}<br>${value} ${Number.isNaN(one) ? 'not defined' : short(one)}`,
      ),
    ),
    hoverinfo: 'text',
    ...{ xgap: 1, ygap: 1 },
  };
  const marks = (name: string, places: readonly number[], symbol: string, size: number): ScatterSeries => {
    const known = places.flatMap((place, i) => (place < 0 ? [] : [{ x: parents[place], y: children[i] }]));
    return {
      ...{ type: 'scatter', mode: 'markers', name, hovertext: [], hoverinfo: 'skip' },
      x: known.map(({ x }) => x),
      y: known.map(({ y }) => y),
      marker: { symbol, size, color: '#d55e00', line: { color: '#d55e00', width: 2.5 } },
    };
  };
  const hits = truth && found.filter((place, i) => place === truth[i]).length;
  const note = truth
    ? `dot: found, frame: true parent; the same for ${hits} of ${children.length} children`
    : 'dot: the parent that is found';
  const whole = (count: number): readonly [number, number] => [-0.5, count - 0.5];
  const [top, bottom] = whole(children.length);
  return compose(
    [
      squares,
      ...(truth ? [marks('true parent', truth, 'square-open', 22)] : []),
      marks('found', found, 'circle', 8),
    ],
    {
      title,
      notes: [note],
      x: { type: 'category', showgrid: false, range: whole(width) },
      y: { type: 'category', showgrid: false, range: [bottom, top] },
      height: Math.min(620, Math.max(260, 130 + 26 * children.length)),
    },
  );
}
