import { max } from 'd3-array';
import { checkNames, invalid, lookUp } from '../base';
import { exponentAxis, logAxis } from './axes';
import type { Axis, Figure, ScatterSeries } from './figure';
import { powerText, short } from './format';
import { methodStyle } from './methodStyle';
import { namesOf } from './quantityNames';
import { requireOne, requireRows } from './rows';
import { compose } from './theme';

/** The records of one training, a row an epoch; `train` returns them as `rows`. */
export type Epochs<Row> = readonly Row[] | { readonly rows: readonly Row[] };

export interface OverEpochsOptions {
  title?: string;
  /** A logarithmic axis; what suits the quantity by default. */
  log?: boolean;
}

/**
 * A recorded quantity over the epochs of one or several trainings.
 *
 *     figures.overEpochs(history, 'pathKernelTrace');
 *     figures.overEpochs({ dense: first, synflow: second }, 'testLoss');
 *
 * @param trainings what `train` returned, its rows, or several of these by label
 * @param field the quantity: a field of the rows, also of those that a user registered; an epoch that lacks it leaves a gap
 * @throws `invalid trainings; …` where there is nothing to draw, `invalid field; …` where no training has a number of it, `invalid field; unknown, …` for a field no row has
 */
export function overEpochs<Row extends { epoch: number }>(
  trainings: Epochs<Row>,
  field: (keyof Row & string) | (string & {}),
  options?: OverEpochsOptions,
): Figure;
export function overEpochs<Row extends { epoch: number }>(
  trainings: Readonly<Record<string, Epochs<Row>>>,
  field: (keyof Row & string) | (string & {}),
  options?: OverEpochsOptions,
): Figure;
export function overEpochs<Row extends { epoch: number }>(
  trainings: Epochs<Row> | Readonly<Record<string, Epochs<Row>>>,
  field: (keyof Row & string) | (string & {}),
  options: OverEpochsOptions = {},
): Figure {
  checkNames('overEpochs', options, { title: 1, log: 1 });
  const { log, title } = options;
  const series = labelled(trainings);
  requireRows('trainings', series);
  for (const { label, rows } of series) {
    requireRows(label ? `training ${label}` : 'trainings', rows);
    requireOne(rows);
    lookUp('field', fieldsOf(rows), field);
  }
  const { title: heading, label: name, axis } = namesOf(field);
  const isLog = log ?? axis === 'log';
  const isExponent = !isLog && axis === 'exponent';
  const measured = series.map(({ label, rows }, place) => ({
    label,
    rows,
    place,
    values: valuesOf(rows, field).map((value) => (isExponent && value !== null ? value / Math.LN10 : value)),
  }));
  const drawn = measured.filter(({ values }) => values.some((value) => value !== null));
  if (drawn.length === 0) throw invalid('field', 'no training has a finite number of it', field);
  const data = drawn.map(({ label, rows, place, values }): ScatterSeries => {
    const { color, dash, symbol } = methodStyle(label, place);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: label || heading,
      x: rows.map(({ epoch }) => epoch),
      y: values,
      hovertext: rows.map(({ epoch }, i) => {
        const value = values[i];
        const text = value === null ? 'not recorded' : (isExponent ? powerText : short)(value);
        return `${label ? `<b>${label}</b><br>` : ''}epoch ${epoch}<br>${name} ${text}`;
      }),
      hoverinfo: 'text',
      line: { color, dash, width: 2 },
      marker: { color, symbol, size: 7 },
      connectgaps: false,
    };
  });
  const last = max(series, ({ rows }) => max(rows, ({ epoch }) => epoch)) as number;
  const x: Axis = {
    title: { text: 'epoch', standoff: 12 },
    type: 'linear',
    ...(last <= 12 ? { dtick: 1 } : {}),
  };
  const shown = drawn.flatMap(({ values }) => values.filter((value) => value !== null));
  const y: Axis = isExponent
    ? exponentAxis(name, shown)
    : { title: { text: name, standoff: 12 }, type: 'linear' };
  const missing = measured.filter((one) => !drawn.includes(one)).map(({ label }) => label);
  return compose(data, {
    title: title ?? `${heading} over training`,
    notes: [missing.length > 0 && `not recorded, or no path left: ${missing.join(', ')}`],
    x,
    y: isLog ? logAxis(name, shown) : y,
    ...(series.length > 1 ? { legend: 'training' } : {}),
  });
}

/** Every field that some row has. */
function fieldsOf(rows: readonly object[]): Record<string, unknown> {
  return rows.reduce((all: object, row) => Object.assign(all, row), {}) as Record<string, unknown>;
}

/** The finite numbers of a field, null for others. */
function valuesOf<Row>(rows: readonly Row[], field: string): (number | null)[] {
  return rows.map((row) => {
    const value: unknown = row[field as keyof Row];
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  });
}

function labelled<Row>(
  trainings: Epochs<Row> | Readonly<Record<string, Epochs<Row>>>,
): { label: string; rows: readonly Row[] }[] {
  if (isEpochs(trainings)) return [{ label: '', rows: rowsOf(trainings) }];
  if (typeof trainings !== 'object' || trainings === null)
    throw invalid('trainings', 'not rows, nor rows by label', trainings);
  return Object.entries(trainings).map(([label, epochs]) => {
    if (!isEpochs(epochs)) throw invalid(`training ${label}`, 'has no rows', typeof epochs);
    return { label, rows: rowsOf(epochs) };
  });
}

function isEpochs<Row>(value: Epochs<Row> | Readonly<Record<string, unknown>>): value is Epochs<Row> {
  if (Array.isArray(value)) return true;
  // A training called "rows" has rows of its own; an array of them is what `train` returned.
  return typeof value === 'object' && value !== null && Array.isArray((value as { rows?: unknown }).rows);
}

function rowsOf<Row>(epochs: Epochs<Row>): readonly Row[] {
  return 'rows' in epochs ? epochs.rows : epochs;
}
