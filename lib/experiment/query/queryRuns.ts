import { checkNames, invalid } from '../../base';
import { runFiles } from '../run/runRecord';
import { runsFolder } from '../run/runsFolder';
import { type Catalogue, catalogue } from './catalogue';
import { type Connection, plain, withDuckDb } from './duckdb';
import { damagedLines, isDamage, makeEpochs, makeTables } from './tables';

export interface RunsOptions {
  /** The folder with a folder for each run; `$PATHKERNEL_RUNS`, else `data/runs`. */
  folder?: string;
  /** Only these runs, such as the `hashes` that `runSweep` returns; by default all but those of earlier versions of methods. */
  hashes?: readonly string[];
  /** Told of what is left out, being damaged, outdated or no run, and of runs of other code; the console's warnings by default. */
  onMessage?: (message: string) => void;
}

/**
 * Asks the runs in SQL (DuckDB's). There are three tables:
 *
 * - `runs`, a row a run: its configuration, its state, what pruning left and what training came to
 * - `epochs`, a row an epoch of each run, epoch 0 being the state before training: what `train` records
 * - `layers`, a row a layer of each pruned network: the weights kept
 *
 * Each has the run's name in the column `hash`. `order by natural_order(model)` puts fc-500 before fc-1000, where
 * `group by` names `model`.
 *
 *     await queryRuns('select method, compression, avg(finalTestTop1) as accuracy from runs group by all order by all');
 *     await frame(await queryRuns('select * from epochs join runs using (hash) where data = ?', ['fashion-mnist']));
 *
 * Every call reads the files as they are; nothing is stored. Damaged files and what else lies there are left out, each with a
 * message.
 *
 * @param sql one or more statements; the rows are those of the last
 * @param values for the question marks in it, in their order, or by name for `$name`; none by default
 * @returns plain records; `frame(rows)` makes a DataFrame of them
 * @throws `invalid query; WHY: SQL` where DuckDB cannot answer it
 */
export async function queryRuns<Row extends object = Record<string, unknown>>(
  sql: string,
  values: QueryValues = [],
  options: RunsOptions = {},
): Promise<Row[]> {
  checkNames('queryRuns', options, { folder: 1, hashes: 1, onMessage: 1 });
  if (typeof sql !== 'string' || sql.trim() === '') throw invalid('query', 'not a text of SQL', sql);
  return withRuns(options, async (connection) => {
    try {
      const reader = await connection.runAndReadAll(sql, values as never);
      return reader.getRowObjectsJS().map((row) => plain(row) as Row);
    } catch (error) {
      if (isDamage(error) || !(error instanceof Error)) throw error;
      throw invalid('query', error.message.trim(), sql);
    }
  });
}

/** Values for the places a query leaves open. */
export type QueryValues =
  | readonly (string | number | boolean | null)[]
  | Readonly<Record<string, string | number | boolean | null>>;

/**
 * Runs `body` with the tables of {@link queryRuns}. Lines are first taken to be whole, as they nearly always are; where one is not,
 * `body` runs again without such lines.
 */
export async function withRuns<T>(
  { folder, hashes, onMessage: own }: RunsOptions,
  body: (connection: Connection) => Promise<T>,
): Promise<T> {
  const onMessage = own ?? console.warn;
  const found = await catalogue(runsFolder(folder), own, hashes);
  return withDuckDb(async (connection) => {
    await makeTables(connection, found);
    await makeEpochs(connection, found, true);
    try {
      return await body(connection);
    } catch (error) {
      if (!isDamage(error)) throw error;
      await tellDamage(connection, found, onMessage);
      await makeEpochs(connection, found, false);
      return await body(connection);
    }
  });
}

async function tellDamage(
  connection: Connection,
  found: Catalogue,
  onMessage: (message: string) => void,
): Promise<void> {
  const unfinished = new Set(found.runs.filter(({ status }) => status !== 'done').map(({ hash }) => hash));
  for (const { hash, lines } of await damagedLines(connection, found)) {
    // A run that is under way, or was killed, may have a last line that is not whole yet.
    if (lines === 1 && unfinished.has(hash)) continue;
    onMessage(
      `${runFiles.epochs} of run ${hash} has ${lines} ${lines === 1 ? 'line' : 'lines'} that cannot be read; left out`,
    );
  }
}
