import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unescapeHtml } from '../escapeHtml';
import type { Notebook } from '../execute/notebook';
import { PLOTLY } from '../figureBundle';
import { withoutTags } from '../withoutTags';

/** A row of a table by its columns, numbers as numbers; `caption` is that of its table. */
export type Row = Readonly<Record<string, string | number>>;

/** What a figure draws in one stroke, null where it has a gap; `title` is that of the figure, or of its choice in a menu. */
export interface Series {
  readonly title: string;
  readonly name: string;
  readonly x: readonly (string | number)[];
  readonly y: readonly number[];
  readonly z: readonly (readonly number[])[];
  readonly hover: readonly string[];
}

/** What a notebook says, and what it is stored with. */
export interface StoredNotebook {
  /** The text of each cell that is not code. */
  prose: string[];
  /** That of each cell of code, numbers without separators. */
  code: string[];
  /** The rows of all tables whose caption has the text in it. */
  rows(caption: string | RegExp): Row[];
  /** The series of all figures whose title has the text in it. */
  series(title: string | RegExp): Series[];
  /** The numbers in what a pattern's groups match in printed text, in order of all matches; without groups those of the match. */
  printed(pattern: RegExp): number[];
}

type PlotlySeries = Partial<Series> & { hovertext?: unknown; type?: string };
interface PlotlyFigure {
  data: PlotlySeries[];
  layout: {
    title?: { text?: string };
    updatemenus?: { buttons: { args: [{ visible: boolean[] }, { title?: { text?: string } }] }[] }[];
  };
}

const FOLDER = join(__dirname, '..', '..', '..', 'notebooks');
const textOf = (text: unknown) => [text ?? ''].flat().join('');

/**
 * Reads a notebook with its stored outputs; for tests. What asks for something that is not there throws.
 *
 * @param name its path in the folder of notebooks, without `.ipynb`
 */
export function storedNotebook(name: string): StoredNotebook {
  const { cells }: Notebook = JSON.parse(readFileSync(join(FOLDER, `${name}.ipynb`), 'utf8'));
  const sources = (type: string) =>
    cells.filter(({ cell_type }) => cell_type === type).map(({ source }) => textOf(source));
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  const tables = outputs.flatMap(({ data }) => tablesIn(textOf(data?.['text/html'])));
  const drawn = outputs.flatMap(({ data }) => seriesIn(data?.[PLOTLY] as PlotlyFigure | undefined));
  const printed = outputs.map(({ text, data }) => textOf(text ?? data?.['text/plain'])).join('\n');
  return {
    prose: sources('markdown'),
    code: sources('code').map((code) => code.replace(/(?<=\d)_(?=\d)/g, '')),
    rows: (caption) => found(tables, 'table', caption, (row) => `${row.caption}`),
    series: (title) => found(drawn, 'figure', title, (series) => series.title),
    printed(pattern) {
      const global = new RegExp(pattern, `${pattern.flags.replace('g', '')}g`);
      const texts = [...printed.matchAll(global)].flatMap(([whole, ...groups]) =>
        groups.length > 0 ? groups : [whole],
      );
      assert.ok(texts.length > 0, `nothing printed matches ${pattern}`);
      return texts.flatMap((text) => numbersIn(text ?? ''));
    },
  };
}

function found<T>(all: readonly T[], kind: string, name: string | RegExp, nameOf: (one: T) => string): T[] {
  const matches = all.filter((one) =>
    typeof name === 'string' ? nameOf(one).includes(name) : name.test(nameOf(one)),
  );
  const names = [...new Set(all.map(nameOf))].join('\n');
  assert.ok(matches.length > 0, `no ${kind} has ${name} in its name; there are\n${names}`);
  return matches;
}

/** The numbers in a text, such as 7 and 12 of `7 of 12`. */
export function numbersIn(text: string): number[] {
  return (text.match(/[−-]?(?:∞|\d[\d,]*(?:\.\d+)?(?:e[−+-]?\d+)?)/g) ?? []).map(numberOf);
}

function numberOf(text: string): number {
  return Number(text.replaceAll(',', '').replaceAll('−', '-').replace('∞', 'Infinity'));
}

function tablesIn(html: string): Row[] {
  return [...html.matchAll(/<table class="dataframe">[\s\S]*?<\/table>/g)].flatMap(([table]) => {
    const caption = plain(/<caption>(.*?)<\/caption>/.exec(table)?.[1] ?? '');
    const [head, ...body] = [...table.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row]) =>
      [...row.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell]) => plain(cell)),
    );
    return body.map((cells) => ({
      ...Object.fromEntries(cells.map((cell, i) => [head[i], cellValue(cell)])),
      caption,
    }));
  });
}

function cellValue(cell: string): string | number {
  return /^[−-]?(∞|\d[\d,]*(\.\d+)?(e[−+-]?\d+)?)$/.test(cell) ? numberOf(cell) : cell;
}

function plain(html: string): string {
  return unescapeHtml(withoutTags(html));
}

function seriesIn(figure: PlotlyFigure | undefined): Series[] {
  if (!figure) return [];
  const choices = (figure.layout.updatemenus ?? []).flatMap(({ buttons }) =>
    buttons.map(({ args: [{ visible }, { title }] }) => ({ visible, title })),
  );
  return figure.data.map(({ name = '', x = [], y = [], z = [], hovertext = [] }, i) => {
    const title = choices.find(({ visible }) => visible[i])?.title ?? figure.layout.title;
    return { title: plain(title?.text ?? ''), name, x, y, z, hover: [hovertext].flat() as string[] };
  });
}

/** Those rows, or series, that have these values or match these patterns; throws where there are none. */
export function pick<T extends object>(
  all: readonly T[],
  where: { readonly [name: string]: string | number | RegExp },
): T[] {
  const matches = all.filter((one) =>
    Object.entries(where).every(([name, value]) => {
      const own = (one as Readonly<Record<string, unknown>>)[name];
      return value instanceof RegExp ? own !== undefined && value.test(String(own)) : own === value;
    }),
  );
  const text = Object.entries(where).map(([name, value]) => `${name} ${value}`);
  assert.ok(
    matches.length > 0,
    `nothing with ${text.join(', ')} among\n${JSON.stringify(all).slice(0, 2000)}`,
  );
  return matches;
}

/** A column of a table's rows. */
export function column(rows: readonly Row[], name: string): number[] {
  return rows.map((row) => {
    assert.equal(typeof row[name], 'number', `${name} of ${JSON.stringify(row)}`);
    return row[name] as number;
  });
}

/** The number in a column of the one row that is picked. */
export function cell(rows: readonly Row[], where: Parameters<typeof pick>[1], name: string): number {
  const matches = pick(rows, where);
  assert.equal(matches.length, 1, JSON.stringify(matches));
  return column(matches, name)[0];
}

/** What a series has at a place; undefined where it has no such place. */
export function yAt({ x, y }: Series, place: string | number): number {
  return y[x.indexOf(place)];
}

/** The smallest and the largest. */
export function range(values: readonly number[]): [number, number] {
  assert.ok(values.length > 0, 'a range of nothing');
  return [Math.min(...values), Math.max(...values)];
}
