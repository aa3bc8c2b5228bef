import { queryRuns } from '../lib/experiment/query';
import { type OutputEpoch, outputs, relativeTrace } from '../lib/figure';

// `node --import tsx bench/queryRuns.ts FOLDER`: times queries over a folder of runs, and figures of all their epochs;
// makeRuns.ts makes one. The time of the processor, of all threads together, says what a query costs also where other
// programs are at work.

const QUERIES = {
  'runs alone': 'select method, exponent, avg(finalTestTop1) as top1 from runs group by all order by all',
  'epochs grouped':
    'select epoch, avg(testTop1) as top1, stddev(pathKernelTrace) as spread from epochs group by epoch order by epoch',
  'epochs joined and grouped': `select method, exponent, epoch, count(*) as n, avg(testTop1) as top1, quantile_cont(pathKernelTrace, 0.5) as trace
    from epochs join runs using (hash) group by all order by all`,
  'all columns of epochs':
    'select epoch, avg(columns(* exclude (hash, epoch))) from epochs group by epoch order by epoch',
  'epochs of one run': 'select * from epochs where hash = (select min(hash) from runs)',
  'layers grouped':
    'select method, depth, avg(layers.kept / layers.size) as kept from layers join runs using (hash) group by all order by all',
};

function mebibytes(): string {
  return `${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`;
}

const EPOCHS = 'select method, model, epochs.* from epochs join runs using (hash)';

const FIGURES = {
  'relative trace': (rows: OutputEpoch[]) => relativeTrace(rows),
  'norm of the outputs': (rows: OutputEpoch[]) => outputs(rows, 'outputNorm'),
};

async function time<T>(name: string, count: (result: T) => string, work: () => T | Promise<T>): Promise<T> {
  const began = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - began) / 1000;
  const busy = (user + system) / 1e6;
  console.log(
    `${name}: ${count(result)} in ${seconds.toFixed(2)} s, ${busy.toFixed(2)} s of processor, ${mebibytes()} at most so far`,
  );
  return result;
}

async function main(folder: string): Promise<void> {
  const ask = (name: string, sql: string) =>
    time(
      name,
      (rows) => `${rows.length} rows`,
      () => queryRuns<object>(sql, [], { folder }),
    );
  console.log(`before the first query: ${mebibytes()}`);
  const [first, sql] = Object.entries(QUERIES)[1];
  await ask(`${first}, first query of the process`, sql);
  for (const [name, sql] of Object.entries(QUERIES)) await ask(name, sql);
  const rows = (await ask('all epochs', EPOCHS)) as OutputEpoch[];
  for (const [name, draw] of Object.entries(FIGURES))
    await time(
      `figure, ${name}`,
      ({ data }) => `${data.length} lines and bands`,
      () => draw(rows),
    );
}

void main(process.argv[2]);
