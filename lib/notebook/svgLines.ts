import { palette } from '../figure';
import { escapeHtml } from './escapeHtml';
import { formatNumber } from './formatNumber';

/** A line of a chart. */
export interface Series {
  name: string;
  x: readonly number[];
  y: readonly number[];
}

export interface SvgOptions {
  title?: string;
  xTitle?: string;
  yTitle?: string;
  /** In pixels; 640 by default. */
  width?: number;
  /** In pixels; 300 by default. */
  height?: number;
  /** Logarithmic ordinate, of positive values only; false by default. */
  logY?: boolean;
}

const MARGIN = { left: 64, right: 130, top: 34, bottom: 44 };
/** About how many. */
const TICKS = 5;

/** More points than pixels only cost time. */
const MOST_POINTS = 600;

/** A line chart as plain SVG, which needs no script and so can be redrawn in place in any front end. */
export function svgLines(series: readonly Series[], options: SvgOptions = {}): string {
  const { title = '', xTitle = '', yTitle = '', width = 640, height = 300, logY = false } = options;
  const lines = series.map((line) => ({ name: line.name, points: thin(finite(line, logY)) }));
  const xs = range(lines.flatMap(({ points }) => points.map(([x]) => x)));
  const ys = range(lines.flatMap(({ points }) => points.map(([, y]) => y)));
  const right = width - MARGIN.right;
  const bottom = height - MARGIN.bottom;
  const px = (x: number) =>
    (MARGIN.left + ((right - MARGIN.left) * (x - xs[0])) / (xs[1] - xs[0])).toFixed(1);
  const py = (y: number) => (bottom - ((bottom - MARGIN.top) * (y - ys[0])) / (ys[1] - ys[0])).toFixed(1);
  const label = (y: number) => escapeHtml(formatNumber(logY ? 10 ** y : y, 3));

  const parts = [
    text(MARGIN.left, 20, title, 'font-size="14"'),
    text((MARGIN.left + right) / 2, height - 8, xTitle, 'text-anchor="middle"'),
    text(
      14,
      (MARGIN.top + bottom) / 2,
      yTitle,
      `text-anchor="middle" transform="rotate(-90 14 ${(MARGIN.top + bottom) / 2})"`,
    ),
    ...ticks(ys).map(
      (y) =>
        `<line x1="${MARGIN.left}" x2="${right}" y1="${py(y)}" y2="${py(y)}" stroke="#e5e5e5"/>` +
        `<text x="${MARGIN.left - 6}" y="${Number(py(y)) + 4}" text-anchor="end">${label(y)}</text>`,
    ),
    ...ticks(xs).map((x) => text(Number(px(x)), bottom + 16, formatNumber(x, 3), 'text-anchor="middle"')),
    ...lines.map(({ name, points }, i) => {
      const colour = palette[i % palette.length];
      const path = points.map(([x, y]) => `${px(x)},${py(y)}`).join(' ');
      const key = text(right + 10, MARGIN.top + 16 * i + 10, name, `fill="${colour}"`);
      const [only] = points.length === 1 ? points : []; // a line of one point would not be seen
      const dot = only ? `<circle cx="${px(only[0])}" cy="${py(only[1])}" r="3" fill="${colour}"/>` : '';
      return `<polyline fill="none" stroke="${colour}" stroke-width="1.8" points="${path}"/>${dot}${key}`;
    }),
  ];
  const frame = `xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return `<svg ${frame} role="img" style="background: #fff; font: 11px sans-serif">${parts.join('')}</svg>`;
}

type Point = readonly [x: number, y: number];

function finite({ x, y }: Series, logY: boolean): Point[] {
  const points = x.map((value, i): Point => [value, logY ? Math.log10(y[i]) : y[i]]);
  return points.filter(([a, b]) => Number.isFinite(a) && Number.isFinite(b));
}

function thin(points: Point[]): Point[] {
  const stride = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, i) => i % stride === 0 || i === points.length - 1);
}

/** From least to greatest, never empty: a single value gets room on both sides. */
function range(values: number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  let [least, greatest] = [values[0], values[0]];
  for (const value of values) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  if (least < greatest) return [least, greatest];
  const room = Math.abs(least) / 2 || 0.5;
  return [least - room, greatest + room];
}

/** Round numbers in a range: multiples of 1, 2 or 5 times a power of ten. */
function ticks([least, greatest]: [number, number]): number[] {
  const rough = (greatest - least) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(least / step);
  const count = Math.floor(greatest / step) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return content ? `<text x="${x}" y="${y}" ${attributes}>${escapeHtml(content)}</text>` : '';
}
