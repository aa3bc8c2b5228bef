import type * as Danfo from 'danfojs-node';
import { invalid, lookUp } from '../base';

/** What danfo keeps to itself of its groups. */
interface Groups {
  /** By group, then by column: values in order of the rows. */
  colDict: Record<string, Record<string, unknown[]>>;
  keyToValue: Record<string, unknown[]>;
  readonly columnName: readonly string[];
  readonly colIndex: readonly number[];
  readonly keyCol: readonly string[];
  readonly data: readonly (readonly unknown[])[];
  group(): Groups;
  getGroup(keys: readonly unknown[]): Danfo.DataFrame;
  toDataFrame(groups: Groups['colDict']): Danfo.DataFrame;
  groupMathLog(values: readonly unknown[], operation: string): unknown[];
}

/** What it keeps to itself of its frames. */
interface OwnFrame extends Record<'median' | 'mode' | 'std' | 'var', (options?: object) => unknown> {
  readonly values: readonly (readonly unknown[])[];
  $getDataByAxisWithMissingValuesRemoved(axis: number): unknown[][];
  cumOps(operation: string, axis: number, inplace: boolean): unknown;
}

let loaded: Promise<typeof Danfo> | undefined;

/**
 * Danfo, with aggregates over what is there. Its own count a null in a group as 0 and its row as one more, call a mean over
 * NaN NaN in `describe`, throw where a column is all gaps, leave rows unsorted where one is NaN, take the groups a-b, c and
 * a, b-c for one, and group by a column that does not exist.
 */
export function loadDanfo(): Promise<typeof Danfo> {
  loaded ??= import('danfojs-node').then((danfo) => {
    const sample = new danfo.DataFrame([[0]], { columns: ['a'] });
    mendGroups(Object.getPrototypeOf(sample.groupby(['a'])));
    // What danfo returns is not of the classes it exports but of those they extend.
    mendColumns(Object.getPrototypeOf(sample.column('a')));
    mendFrames(danfo, Object.getPrototypeOf(danfo.DataFrame.prototype));
    return danfo;
  });
  return loaded;
}

const CUMULATIVE = ['cumsum', 'cumprod', 'cummax', 'cummin'];

/** Those that danfo would also do with texts and dates, putting them one behind the other. */
const OF_NUMBERS = ['sum', 'mean', 'std', 'var', 'median', 'cumsum', 'cumprod'];

function mendGroups(prototype: Groups): void {
  const { groupMathLog } = prototype;
  prototype.groupMathLog = function (values, operation) {
    const present = values.filter(isThere);
    const wrong = present.find((value) => typeof value !== 'number' && typeof value !== 'boolean');
    if (wrong !== undefined && OF_NUMBERS.includes(operation))
      throw invalid(operation, 'not of numbers', wrong);
    if (operation === 'count') return [present.length];
    if (!CUMULATIVE.includes(operation))
      return present.length === 0 ? [Number.NaN] : groupMathLog.call(this, present, operation);
    const found = present.length === 0 ? [] : groupMathLog.call(this, present, operation);
    let place = 0;
    return values.map((value) => (isThere(value) ? found[place++] : value));
  };
  prototype.group = function () {
    const places = Object.fromEntries(this.columnName.map((name, place) => [name, place]));
    for (const name of this.keyCol) lookUp('column', places, name);
    this.colDict = {};
    this.keyToValue = {};
    for (const row of this.data) {
      const values = this.colIndex.map((place) => row[place]);
      const key = keyOf(values);
      this.keyToValue[key] ??= values;
      this.colDict[key] ??= Object.fromEntries(this.columnName.map((name) => [name, []]));
      this.columnName.forEach((name, place) => {
        this.colDict[key][name].push(row[place]);
      });
    }
    return this;
  };
  prototype.getGroup = function (keys) {
    const key = keyOf(keys);
    if (!Object.hasOwn(this.colDict, key)) throw invalid('group', 'there is none of', keys);
    return this.toDataFrame({ [key]: this.colDict[key] });
  };
}

/** A text for the values of a group, another for others. Danfo sorts by what stands before the first hyphen. */
function keyOf(values: readonly unknown[]): string {
  return values
    .map((value) => (typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))))
    .map((text) => text.replaceAll('-', '\\u002d'))
    .join('-');
}

function mendColumns(series: Danfo.Series): void {
  for (const name of ['mean', 'median', 'mode', 'std', 'var', 'min', 'max'] as const) {
    const ofColumn = series[name] as (this: Danfo.Series) => number;
    Object.assign(series, {
      [name](this: Danfo.Series) {
        return this.dtypes[0] === 'string' || this.values.some(isThere) ? ofColumn.call(this) : Number.NaN;
      },
    });
  }
}

function mendFrames({ DataFrame, Utils }: typeof Danfo, frames: Danfo.DataFrame): void {
  frames.describe = function () {
    const names = this.columns.filter((_, i) => ['int32', 'float32'].includes(this.dtypes[i]));
    const columns = names.map((name) => this.column(name).describe());
    if (columns.length === 0) throw invalid('columns', 'none of numbers to describe', this.columns);
    const statistics = columns[0].index.map((_, i) => columns.map(({ values }) => values[i] as number));
    return new DataFrame(statistics, { columns: names, index: columns[0].index });
  };
  const own = frames as unknown as OwnFrame;
  const { $getDataByAxisWithMissingValuesRemoved: present, cumOps } = own;
  const presentOrNaN = (frame: OwnFrame) => (axis: number) =>
    present.call(frame, axis).map((values) => (values.length > 0 ? values : [Number.NaN]));
  for (const name of ['median', 'mode', 'std', 'var'] as const) {
    const ofFrame = own[name];
    own[name] = function (options) {
      const value = presentOrNaN(this);
      return ofFrame.call(
        Object.create(this, { $getDataByAxisWithMissingValuesRemoved: { value } }),
        options,
      );
    };
  }
  own.cumOps = function (operation, axis, inplace) {
    const gap = this.values.findIndex((row) => !row.every(isThere));
    if (gap >= 0) throw invalid('frame', 'has gaps, across which danfo shifts values; see fillNa. Row', gap);
    return cumOps.call(this, operation, axis, inplace);
  };
  const utils = Utils.prototype;
  const { sortObj } = utils;
  utils.sortObj = function (entries, ascending) {
    const [present, gaps] = [true, false].map((wanted) =>
      entries.filter(({ value }) => isThere(value) === wanted),
    );
    return [...sortObj.call(this, present, ascending), ...gaps];
  };
}

function isThere(value: unknown): boolean {
  return value !== null && value !== undefined && !Number.isNaN(value);
}
