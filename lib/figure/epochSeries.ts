import { groups, max } from 'd3-array';
import { checkNames, invalid, lookUp } from '../base';
import { naturalOrder } from '../base/naturalOrder';
import { exponentAxis, logAxis } from './axes';
import { bandLine, bandPoints, behind, rangeText } from './band';
import type { Axis, Figure, ScatterSeries } from './figure';
import { powerText, short } from './format';
import { methodStyle } from './methodStyle';
import { distinct, requireFields, requireOne } from './rows';
import { networkSettings } from './settings';
import { compose } from './theme';
import { traceScale } from './traceScale';

/** An epoch of one of many runs. */
export interface RunEpoch {
  /** Which run it is of. */
  hash: string;
  epoch: number;
  method: string;
  model: string;
  seed?: number;
  /** ln Tr Π; null or absent where not recorded, or where no path is left. */
  pathKernelTrace?: number | null;
}

export interface EpochSeriesOptions {
  title?: string;
  /** Said below the title, in small letters, such as how the runs were trained; nothing by default. */
  note?: string;
  /** What the lines stand for: `method` (the default) or `model`. Runs that share it, such as seeds, are one line in a band. */
  by?: 'method' | 'model';
  /** `means` (the default) draws runs that share `by` as their mean in a band, `runs` a line a run. */
  lines?: 'means' | 'runs';
  /**
   * `log` spreads the first epochs, with 0 where a half would be, and draws some of those after the tenth, `linear` shows all alike; `log` by default beyond 20 epochs, where
   * otherwise the early ones are not seen.
   */
  epochs?: 'linear' | 'log';
  /** `by` (the default) gives each line the colour of its name, `trace` a colour by the place of its trace before training in
   * the order of all. */
  color?: 'by' | 'trace';
  /** A logarithmic ordinate, and the geometric mean of runs; false by default. */
  log?: boolean;
}

/** For `checkNames`. */
export const epochSeriesNames: Readonly<Record<keyof EpochSeriesOptions, 1>> = {
  ...{ title: 1, note: 1, by: 1, lines: 1, epochs: 1, color: 1, log: 1 },
};

/** What a figure draws of each run. */
interface Quantity<R> {
  /** Null leaves a gap. */
  value: (row: R) => number | null;
  title: string;
  axis: string;
  /** Whether values are natural logarithms, to be shown as powers of ten; false by default. */
  isExponent?: boolean;
}

/** @throws `invalid rows; …` where there are none, or a row lacks its run, its epoch or its name */
export function requireEpochs(rows: readonly RunEpoch[]): void {
  requireFields(rows, { numbers: ['epoch'], names: ['hash', 'method', 'model'] });
}

/** The ln Tr Π each run has at an epoch, by hash; absent where it was not recorded. */
export function tracesAt(rows: readonly RunEpoch[], epoch: number): Map<string, number> {
  return new Map(
    rows.flatMap((row) =>
      row.epoch === epoch && Number.isFinite(row.pathKernelTrace)
        ? [[row.hash, row.pathKernelTrace as number] as const]
        : [],
    ),
  );
}

/**
 * A quantity over epochs: a line a method or model, the mean of its runs in a band from the smallest to the largest. On a
 * logarithmic axis it is the geometric mean, which one run far above the others does not carry away.
 */
export function epochSeries<R extends RunEpoch>(
  rows: readonly R[],
  { value, axis, title: preset, isExponent = false }: Quantity<R>,
  options: EpochSeriesOptions = {},
): Figure {
  checkNames('a figure over epochs', options, epochSeriesNames);
  const { title = preset, by = 'method', color: colored = 'by', log = false, lines = 'means' } = options;
  lookUp('lines', { means: 1, runs: 1 }, lines);
  if (by !== 'method' && by !== 'model') throw invalid('by', 'not method or model', by);
  if (colored !== 'by' && colored !== 'trace') throw invalid('color', 'not by or trace', colored);
  requireEpochs(rows);
  requireOne(rows, {
    line: by,
    settings: [...networkSettings, 'epochs', 'density', ...(by === 'model' ? (['method'] as const) : [])],
  });
  const { into, back, text, axisOf } = ordinates[ordinateOf(log, isExponent)];
  // With no more digits than can be seen: a figure of many runs would be as long again.
  const shownAs = (mean: number) => Number(back(mean).toPrecision(6));
  const finite = (row: R) => {
    const found = value(row);
    if (found === null || !Number.isFinite(found) || (log && found <= 0)) return null;
    return into(found);
  };
  const initial = tracesAt(rows, 0);
  const last = max(rows, ({ epoch }) => epoch) as number;
  const { epochs = last > MANY_EPOCHS ? 'log' : 'linear' } = options;
  const labels = distinct(rows, by).sort(naturalOrder);
  const series = (lines === 'runs' ? groups(rows, (row) => row.hash) : groups(rows, (row) => row[by]))
    .map(([, own]) => {
      const label = own[0][by];
      const place = labels.indexOf(label);
      const traces = distinct(own, 'hash').flatMap((hash) => initial.get(hash) ?? []);
      const trace = traces.reduce((sum, one) => sum + one, 0) / traces.length / Math.LN10;
      const shown = epochs === 'log' ? own.filter(({ epoch }) => isTold(epoch, last)) : own;
      const points = bandPoints(shown, ({ epoch }) => epoch, finite).map((point) => ({
        ...point,
        mean: shownAs(point.mean),
        low: shownAs(point.low),
        high: shownAs(point.high),
      }));
      const seed = lines === 'runs' && own[0].seed !== undefined ? `, seed ${own[0].seed}` : '';
      return { label, place, trace, points, seed };
    })
    .filter(({ points }) => points.length > 0)
    .sort((a, b) => a.place - b.place);
  if (series.length === 0) throw invalid('rows', `no epoch has a number for it`, axis);
  const known = series.map(({ trace }) => trace).filter(Number.isFinite);
  if (colored === 'trace' && known.length === 0)
    throw invalid('rows', 'no run has a trace before training to be coloured by', 'pathKernelTrace');
  const scale = traceScale(known);
  const { at, axis: x } = lookUp('epochs', EPOCHS, epochs);
  const data = series.flatMap(({ label, place, trace, points, seed }, i): ScatterSeries[] => {
    const style = methodStyle(label, place);
    const color = colored === 'by' ? style.color : Number.isFinite(trace) ? scale.color(trace) : NO_TRACE;
    const start = Number.isFinite(trace) ? `<br>before training Tr Π = 10^${short(trace)}` : '';
    const isFirst = series.findIndex((one) => one.label === label) === i;
    return bandLine(
      label,
      points,
      { ...style, color },
      {
        x: at,
        text: (point) =>
          lines === 'runs'
            ? `${label}${seed}, epoch ${point.x}: ${text(point.mean)}${isEnd(point, points) ? start : ''}`
            : `<b>${label}</b><br>epoch ${point.x}<br>${axis} ${text(point.mean)}${rangeText(point, text)}${start}`,
        size: last > MANY_EPOCHS ? 4 : 6,
      },
    ).map((one) => (isFirst ? one : { ...one, showlegend: false }));
  });
  const ends = series.flatMap(({ points }) => points.flatMap(({ low, high }) => [low, high]));
  const key = colored === 'trace' ? scale.key(labels.length) : undefined;
  return compose([...behind(data), ...(key ? [key.series] : [])], {
    title,
    notes: [options.note],
    x: { title: { text: 'epoch', standoff: 12 }, ...x(last) },
    y: axisOf(axis, ends),
    legend: by,
    ...(key ? { height: key.height } : {}),
  });
}

/** Where an epoch stands, and the axis up to the last one. */
const EPOCHS: Record<'linear' | 'log', { at(epoch: number): number; axis(last: number): Axis }> = {
  linear: {
    at: (epoch) => epoch,
    axis: (last) => ({ type: 'linear', ...(last <= 12 ? { dtick: 1 } : {}) }),
  },
  log: {
    at: (epoch) => epoch || BEGINNING,
    axis(last) {
      const ticks = [1, 10, 100, 1000].flatMap((power) => [power, 2 * power, 5 * power]);
      const shown = ticks.filter((tick) => tick <= Math.max(1, last));
      return {
        type: 'log',
        tickvals: [BEGINNING, ...shown],
        ticktext: ['0', ...shown.map(String)],
      };
    },
  },
};

/** Where epoch 0 stands on a logarithmic axis. */
const BEGINNING = 0.5;

/** How values become ordinates that are averaged, how means are shown, and along which axis. */
interface Ordinate {
  into(value: number): number;
  back(mean: number): number;
  text(shown: number): string;
  axisOf(title: string, shown: readonly number[]): Axis;
}

const ordinates = {
  linear: {
    into: (value) => value,
    back: (mean) => mean,
    text: short,
    axisOf: (text) => ({ title: { text, standoff: 12 }, type: 'linear' }),
  },
  log: { into: Math.log, back: Math.exp, text: short, axisOf: logAxis },
  exponent: {
    into: (value) => value / Math.LN10,
    back: (mean) => mean,
    text: powerText,
    axisOf: exponentAxis,
  },
} satisfies Record<string, Ordinate>;

function ordinateOf(log: boolean, isExponent: boolean): keyof typeof ordinates {
  if (log) return 'log';
  return isExponent ? 'exponent' : 'linear';
}

/** Where a line begins and where it ends. */
function isEnd<P>(point: P, points: readonly P[]): boolean {
  return point === points[0] || point === points[points.length - 1];
}

/** Beyond the tenth the epochs that stand apart on a logarithmic axis; all of many runs would be megabytes. */
function isTold(epoch: number, last: number): boolean {
  const step = (at: number) => Math.floor(8 * Math.log10(at));
  return epoch <= 10 || epoch === last || step(epoch) !== step(epoch - 1);
}

/** The marks of more epochs would touch. */
const MANY_EPOCHS = 20;

/** The colour of a line without a trace before training. */
const NO_TRACE = '#8c8c8c';
