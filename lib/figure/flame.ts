import { group, max, sum } from 'd3-array';
import { checkNames, invalid } from '../base';
import type { BarSeries, Figure } from './figure';
import { short } from './format';
import { distinct, requireFields } from './rows';
import { compose, palette } from './theme';

/** Time that was spent; `profile` gives such rows. */
export interface FlameRow {
  phase: string;
  /** Of the network, or empty. */
  part: string;
  op: string;
  milliseconds: number;
  /** Of the machine's peak. */
  share?: number | null;
  /** What is compared, where there are several; each is drawn on the same scale. */
  label?: string;
}

export interface FlameOptions {
  /** `Where the time goes` by default. */
  title?: string;
}

/** What a bar stands for, from the whole to the single op. */
const LEVELS = ['phase', 'layer', 'op'] as const;
/** Bars of less than this part of the longest whole are left out: they would be finer than a pixel. */
const FINEST = 1 / 2000;
/** Bars of less than this part have no text on them. */
const LEGIBLE = 0.06;

interface Bar {
  phase: string;
  name: string;
  level: number;
  from: number;
  rows: readonly FlameRow[];
}

/**
 * Where the time goes, as bars as long as it takes: phases, below each its layers, below each their ops, the longest first.
 *
 * @param rows as `profile` gives them; those of several profiles with a `label` each
 * @throws `invalid rows; …` where there are none, or a row lacks a number or a name
 */
export function flame(rows: readonly FlameRow[], options: FlameOptions = {}): Figure {
  checkNames('flame', options, { title: 1 });
  const { title = 'Where the time goes' } = options;
  requireFields(rows, { numbers: ['milliseconds'], names: ['phase', 'op'] });
  rows.forEach(({ milliseconds }, i) => {
    if (!(milliseconds >= 0)) throw invalid('rows', `milliseconds of row ${i} below 0`, milliseconds);
  });
  const labels = distinct(rows, 'label');
  const blocks = labels.map((label) => rows.filter((row) => row.label === label));
  const longest = max(blocks, total) || 1;
  const height = LEVELS.length + 1; // a gap between blocks
  const bars = blocks.map(barsOf);
  const phases = [...group(rows, ({ phase }) => phase)].sort((a, b) => total(b[1]) - total(a[1]));
  const data = phases.map(([phase], place): BarSeries => {
    const own = bars.flatMap((block, i) =>
      block
        .filter((bar) => bar.phase === phase && total(bar.rows) >= FINEST * longest)
        .map((bar) => ({
          ...bar,
          y: i * height + bar.level,
          size: total(bar.rows),
          whole: total(blocks[i]),
        })),
    );
    return {
      type: 'bar',
      orientation: 'h',
      name: phase,
      base: own.map(({ from }) => from),
      x: own.map(({ size }) => size),
      y: own.map(({ y }) => y),
      width: 0.92,
      text: own.map(({ name, size }) => (size >= LEGIBLE * longest ? name : '')),
      textposition: 'inside',
      insidetextanchor: 'middle',
      hovertext: own.map((bar) => hoverText(bar, bar.whole)),
      hoverinfo: 'text',
      marker: { color: palette[place % palette.length], line: { color: '#ffffff', width: 1 } },
    };
  });
  const ticks = labels.flatMap((label, i) =>
    LEVELS.map((level, j) => ({ at: i * height + j, text: label ? `${label}: ${level}` : level })),
  );
  return compose(data, {
    title,
    x: { title: { text: 'milliseconds', standoff: 12 }, type: 'linear', rangemode: 'tozero' },
    y: {
      type: 'linear',
      autorange: 'reversed',
      tickvals: ticks.map(({ at }) => at),
      ticktext: ticks.map(({ text }) => text),
      showgrid: false,
    },
    legend: 'phase',
    height: 200 + 150 * labels.length,
    extra: { barmode: 'overlay' },
  });
}

/** The bars of one profile, each within the one above it. */
function barsOf(rows: readonly FlameRow[]): Bar[] {
  const found: Bar[] = [];
  const add = (of: readonly FlameRow[], level: number, start: number) => {
    const names = group(of, (row) => [row.phase, row.part, row.op][level]);
    let from = start;
    for (const [name, own] of [...names].sort((a, b) => total(b[1]) - total(a[1]))) {
      found.push({ phase: own[0].phase, name: name || 'no layer', level, from, rows: own });
      if (level + 1 < LEVELS.length) add(own, level + 1, from);
      from += total(own);
    }
  };
  add(rows, 0, 0);
  return found;
}

const total = (rows: readonly FlameRow[]) => sum(rows, ({ milliseconds }) => milliseconds);

function hoverText({ phase, name, level, rows }: Bar, whole: number): string {
  const size = total(rows);
  const [{ part, share, label }] = rows;
  return [
    `<b>${name}</b>`,
    ...(level > 0 ? [phase] : []),
    ...(level > 1 && part ? [part] : []),
    ...(label ? [label] : []),
    `${short(size)} ms, ${short(Number(((100 * size) / (whole || 1)).toPrecision(3)))} %`,
    ...(level === LEVELS.length - 1 && share != null
      ? [`${short(Number(share.toPrecision(2)))} of the peak`]
      : []),
  ].join('<br>');
}
