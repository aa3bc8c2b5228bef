import { join } from 'node:path';
import { checkNames, invalid } from '../base';
import { canonicalForm } from './config';
import { type RunRow, runRow } from './query/runRow';
import { type RunRecord, readRun, runsFolder } from './run';
import { leavesOf } from './sweep/axes';

/** One run by its record or hash, or several, such as the `hashes` of a sweep or of a query: they are taken together. */
export type Compared = string | RunRecord | readonly (string | RunRecord)[];

export interface CompareOptions {
  /** The folder with a folder for each run; `$PATHKERNEL_RUNS`, else `data/runs`. */
  folder?: string;
}

/** Runs side by side: `show` makes a table of it. */
export interface Comparison {
  caption: string;
  columns: string[];
  /** `field`, and under the name of each column of runs what it has there: of several runs the mean of a number, or what there is. */
  rows: Record<string, string | number | null>[];
}

/** Numbers of finished runs, in this order. */
const NUMBERS = [
  ...(['size', 'kept', 'effective', 'logTraceDense', 'logTrace'] as const),
  ...(['finalTrainLoss', 'finalTestLoss', 'finalTestTop1', 'finalTestTop5', 'finalTrace'] as const),
  'trainingSeconds',
] as const satisfies readonly (keyof RunRow)[];

/** What was computed with is shown where it differs. */
const CIRCUMSTANCES = [
  'status',
  'device',
  'threads',
  'computation',
  'commit',
] as const satisfies readonly (keyof RunRow)[];

/** Values that are listed of several runs. */
const LISTED = 4;

/**
 * Two or more runs, or groups of runs, side by side: where their configurations differ, and what they came to.
 *
 *     const [first, second] = (await runSweep(sweep)).hashes;
 *     show(await experiments.compareRuns([first, second]));
 *     show(await experiments.compareRuns({ snip: hashesOfSnip, synflow: hashesOfSynflow }));
 *
 * @param runs with names for the columns, or without: then a run's hash is its name, and `group 1` that of several
 * @throws `invalid runs; …` where there are fewer than two, or one is not there
 */
export async function compareRuns(
  runs: readonly Compared[] | Readonly<Record<string, Compared>>,
  options: CompareOptions = {},
): Promise<Comparison> {
  checkNames('compareRuns', options, { folder: 1 });
  if (typeof runs !== 'object' || runs === null) throw invalid('runs', 'not a list of runs', runs);
  const folder = runsFolder(options.folder);
  const named = Array.isArray(runs)
    ? runs.map((one: Compared, i) => [nameOf(one, i), one] as const)
    : Object.entries(runs as Readonly<Record<string, Compared>>);
  if (named.length < 2) throw invalid('runs', 'not two or more to compare', named.length);
  const groups: Group[] = [];
  for (const [name, one] of named) groups.push(await readGroup(name, [one].flat(), folder));
  const columns = groups.map(({ name }) => name);
  if (new Set(columns).size < columns.length)
    throw invalid('runs', 'two have one name, give others', columns);
  const row = (field: string, of: (group: Group) => string | number | null) => ({
    field,
    ...Object.fromEntries(groups.map((group) => [group.name, of(group)])),
  });
  const differing = (fields: readonly string[], of: (group: Group, field: string) => unknown[]) =>
    fields
      .map((field) => row(field, (group) => listText(of(group, field))))
      .filter((one) => new Set(columns.map((name) => (one as Record<string, unknown>)[name])).size > 1);
  const paths = [
    ...new Set(groups.flatMap(({ settings }) => settings.flatMap((one) => [...one.keys()]))),
  ].sort();
  const rows = [
    ...(groups.some(({ rows: own }) => own.length > 1) ? [row('runs', ({ rows: own }) => own.length)] : []),
    ...differing(paths, ({ settings }, path) => settings.map((one) => one.get(path) ?? null)),
    ...differing(CIRCUMSTANCES, (group, field) => group.rows.map((own) => own[field as keyof RunRow])),
    ...NUMBERS.map((name) => row(name, (group) => meanOf(group.rows.map((own) => own[name])))),
  ].filter((one) => columns.some((name) => (one as Record<string, unknown>)[name] !== null));
  return { caption: `${groups.length} compared`, columns: ['field', ...columns], rows };
}

interface Group {
  name: string;
  rows: RunRow[];
  /** Of each run what its configuration says, by path. */
  settings: Map<string, unknown>[];
}

function nameOf(one: Compared, i: number): string {
  if (typeof one === 'string') return one;
  return 'hash' in one ? one.hash : `group ${i + 1}`;
}

async function readGroup(
  name: string,
  runs: readonly (string | RunRecord)[],
  folder: string,
): Promise<Group> {
  if (runs.length === 0) throw invalid('runs', 'no run in', name);
  const group: Group = { name, rows: [], settings: [] };
  for (const one of runs) {
    const record = typeof one === 'string' ? await readRun(join(folder, one)) : one;
    if (!record?.config) throw invalid('runs', `no run of this name in ${folder}`, one);
    group.rows.push(runRow(record, record.epochs[0]));
    group.settings.push(
      new Map(leavesOf('', canonicalForm(record.config)).map(({ path, value }) => [path, value])),
    );
  }
  return group;
}

/** What several runs have, each once; null where none has anything. */
function listText(values: readonly unknown[]): string | number | null {
  const distinct = [...new Set(values.map((value) => (Array.isArray(value) ? value.join(' ') : value)))];
  if (distinct.length === 1)
    return typeof distinct[0] === 'number' ? distinct[0] : distinct[0] === null ? null : String(distinct[0]);
  const more = distinct.length > LISTED ? `, … (${distinct.length})` : '';
  return (
    distinct
      .slice(0, LISTED)
      .map((value) => value ?? 'default')
      .join(', ') + more
  );
}

function meanOf(values: readonly (number | null)[]): number | null {
  const numbers = values.filter((value): value is number => value !== null);
  return numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}
