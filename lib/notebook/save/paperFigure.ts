import type { FigureLike } from '../figureBundle';
import { wrap } from './wrap';

/** The pixels of a figure that 8 points are: the size of the library's texts. */
const TEXT = 13;
/** A pixel of a figure in inches: its texts come out at 8 points. */
const PIXEL = 8 / 72 / TEXT;
/** Narrower figures have their legend below, in inches. */
const NARROW = 5;
/** Width of a letter, as a part of the size of its font. */
const LETTER = 0.56;

type Fields = Record<string, unknown>;

export interface PaperOptions {
  /** In inches. */
  width: number;
  /** Whether the title is drawn; a note below it is in any case. */
  title: boolean;
}

/** A figure with all that its place on paper asks, and that place in pixels of the figure. */
export interface PaperFigure {
  data: readonly object[];
  layout: Fields & { width: number };
  /** Height of the plot as a part of its width, by which the height of the whole is found. */
  aspect: number;
  /** Place of the heading among the annotations; none where absent. */
  heading?: number;
}

/** Inches as pixels of a figure on paper. */
export function pixelsOf(inches: number): number {
  return Math.round(inches / PIXEL);
}

/**
 * A figure as it is to be on paper: white, its texts 8 points, none cut off at the edge, the legend below a narrow plot.
 *
 * @param figure as Plotly reads it out of JSON
 */
export function paperFigure(figure: FigureLike, { width: inches, title }: PaperOptions): PaperFigure {
  const given = (figure.layout ?? {}) as Fields;
  const font = { family: '', size: TEXT, ...fieldsOf(given.font), color: '#222222' };
  const width = pixelsOf(inches);
  const isNarrow = inches < NARROW;
  const aspect = ((isNarrow ? 0.66 : 0.5) * (numberOf(given.height) ?? 420)) / 420;
  const heading = headingOf(given.title, { title, width, font });
  const axes = Object.keys(given).filter((name) => /^[xy]axis\d*$/.test(name));
  const lengths = { x: 0.7 * width, y: Math.min(1, aspect) * 0.7 * width };
  const axis = (name: string) => axisOf(fieldsOf(given[name]), lengths[name[0] as 'x' | 'y'], font.size);
  return {
    data: figure.data.map((series) => seriesOf(series as Fields, isNarrow, font.size)),
    layout: {
      ...given,
      ...Object.fromEntries([...new Set(['xaxis', 'yaxis', ...axes])].map((name) => [name, axis(name)])),
      font: {
        ...font,
        family: font.family.replace(/^system-ui, ?/, '') || 'Arial, sans-serif',
      },
      title: { text: '' },
      annotations: [...listOf(given.annotations), ...heading.annotations],
      legend: legendOf(fieldsOf(given.legend), isNarrow, font.size),
      margin: { l: 20, r: 28, t: heading.height, b: 20 },
      paper_bgcolor: '#ffffff',
      plot_bgcolor: '#ffffff',
      width,
      autosize: false,
    },
    ...(heading.annotations.length > 0 && { heading: listOf(given.annotations).length }),
    aspect: axes.some((name) => fieldsOf(given[name]).scaleanchor !== undefined) ? 1 : aspect,
  };
}

/** Above the plot: the title, wrapped, and the lines that follow it, which are notes. Plotly's own titles are of one line. */
function headingOf(
  given: unknown,
  { title, width, font }: { title: boolean; width: number; font: { size: number } },
) {
  const text = textOf(titleOf(given));
  const size = title ? font.size + 1 : font.size;
  const lines = linesOf(text)
    .slice(title ? 0 : 1)
    .flatMap((line) => wrap(line, (0.85 * width) / (LETTER * size)));
  const place = { x: 0, xref: 'paper', xanchor: 'left', y: 1, yref: 'paper', yanchor: 'bottom', yshift: 6 };
  const annotation = { ...place, text: lines.join('<br>'), font: { size }, align: 'left', showarrow: false };
  return {
    annotations: lines.length > 0 ? [annotation] : [],
    height: 18 + Math.ceil(1.3 * size * lines.length),
  };
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/<br ?\/?>/);
}

function axisOf(axis: Fields, length: number, size: number): Fields {
  const title = titleOf(axis.title);
  const lines = linesOf(textOf(title)).flatMap((line) => wrap(line, length / (LETTER * size)));
  return {
    automargin: true,
    ...axis,
    title: { standoff: 10, ...title, text: lines.join('<br>'), font: { size, ...fieldsOf(title.font) } },
  };
}

/** Points that WebGL would draw as points of the drawing. */
function seriesOf(series: Fields, isNarrow: boolean, size: number): Fields {
  return {
    ...withKey(series, isNarrow, size),
    ...(series.marker !== undefined && { marker: withKey(fieldsOf(series.marker), isNarrow, size) }),
    ...(series.type === 'scattergl' && { type: 'scatter' }),
  };
}

/** The key of colours beside a narrow plot, where no legend stands, has all its height, and its title runs along it. */
function withKey(part: Fields, isNarrow: boolean, size: number): Fields {
  if (part.colorbar === undefined) return part;
  const { len, x, y, ...others } = fieldsOf(part.colorbar);
  const title = titleOf(others.title);
  if (isNarrow)
    return { ...part, colorbar: { ...others, title: { ...title, font: { size }, side: 'right' } } };
  return { ...part, colorbar: { ...fieldsOf(part.colorbar), title: { ...title, font: { size } } } };
}

/** Below a narrow plot, unless the figure says where it is. */
function legendOf(legend: Fields, isNarrow: boolean, size: number): Fields {
  const title = { ...fieldsOf(legend.title), font: { size } };
  if (!isNarrow || legend.x !== undefined || legend.y !== undefined) return { ...legend, title };
  const below = { orientation: 'h', x: 0.01, xanchor: 'left', xref: 'container', y: 0, yanchor: 'bottom' };
  return { ...legend, ...below, yref: 'container', tracegroupgap: 0, title };
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function titleOf(value: unknown): Fields {
  return typeof value === 'string' ? { text: value } : fieldsOf(value);
}

function textOf(title: unknown): string {
  return String(fieldsOf(title).text ?? '');
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}
