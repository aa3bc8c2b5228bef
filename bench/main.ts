import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { compareRounds, steadyMedian } from './compareRounds';
import { median } from './median';
import { type Row, rows } from './rows';
import type { Measurement } from './runCase';
import { type Side, startSide } from './startSide';

// `npm run bench -- [WORD …] [--rounds N] [--threads N] [--python FILE] [--no-compile]`: every row whose title holds one of the
// words. A process of ours and one of PyTorch's stand side by side and take rounds in turn, so that a drift of the machine's
// speed falls on both; only rounds in which both are steady are compared.

const USAGE = 'npm run bench -- [WORD …] [--rounds N] [--threads N] [--python FILE] [--no-compile]';

interface Options {
  words: string[];
  rounds: number;
  threads: number;
  python: string;
  isCompiled: boolean;
}

function parse(args: string[]): Options {
  const own = path.join(__dirname, '.venv', 'bin', 'python');
  const options: Options = {
    words: [],
    rounds: 5,
    threads: os.cpus().length,
    python: fs.existsSync(own) ? own : path.join(__dirname, '..', '.venv', 'bin', 'python'),
    isCompiled: true,
  };
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--rounds') options.rounds = Number(args[++i]);
    else if (args[i] === '--threads') options.threads = Number(args[++i]);
    else if (args[i] === '--python') options.python = args[++i];
    else if (args[i] === '--no-compile') options.isCompiled = false;
    else if (args[i].startsWith('--')) throw new Error(`unknown option ${args[i]}; usage: ${USAGE}`);
    else options.words.push(args[i].toLowerCase());
  }
  for (const [name, value] of Object.entries({ rounds: options.rounds, threads: options.threads }))
    if (!(Number.isInteger(value) && value > 0))
      throw new Error(`invalid ${name}; not a positive whole number: ${value}`);
  return options;
}

/** Seconds of a call in each round, and the rest that a side's processes said. */
interface Timed {
  rounds: number[];
  first: number;
  peakBytes: number;
}

function sidesOf(row: Row, { threads, python, isCompiled }: Options, hasTorch: boolean): Side[] {
  const peer = [path.join(__dirname, 'peer', 'main.py'), row.name, String(threads)];
  return [
    {
      name: 'pathkernel',
      command: process.execPath,
      args: ['--import', 'tsx', path.join(__dirname, 'runCase.ts'), row.name],
    },
    ...(hasTorch ? [{ name: 'PyTorch', command: python, args: peer }] : []),
    ...(hasTorch && isCompiled && row.isCompiled
      ? [{ name: 'torch.compile', command: python, args: [...peer, 'compile'] }]
      : []),
  ];
}

/** Rounds of all sides in turn; a side that cannot do a row, such as `torch.compile` without a compiler, is left out with a word. */
async function time(row: Row, sides: readonly Side[], options: Options): Promise<Map<string, Timed>> {
  const rounds = Math.min(options.rounds, row.rounds ?? options.rounds);
  const timed = new Map<string, Timed>();
  const note = ({ name }: Side, { seconds, peakBytes }: Measurement, first: number) => {
    const known = timed.get(name) ?? { rounds: [], first, peakBytes };
    known.rounds.push(median(seconds));
    known.peakBytes = Math.max(known.peakBytes, peakBytes);
    timed.set(name, known);
  };
  const running = new Map<Side, Awaited<ReturnType<typeof startSide>>>();
  const left = [...sides];
  try {
    for (let round = 0; round < rounds; round++)
      for (const side of [...left])
        try {
          const process = running.get(side) ?? (await startSide(side, options.threads));
          running.set(side, process);
          const [first] = process.first.seconds;
          note(side, row.isFirst ? process.first : await process.repeat(row.repetitions), first);
          if (!row.isFirst) continue;
          running.delete(side);
          await process.stop();
        } catch (error) {
          if (side === sides[0]) throw error;
          left.splice(left.indexOf(side), 1);
          console.error(`${row.title}: ${side.name} left out: ${(error as Error).message}`);
        }
  } finally {
    for (const process of running.values()) await process.stop();
  }
  return timed;
}

function line({ title }: Row, timed: ReadonlyMap<string, Timed>): Record<string, string> {
  const [[, ours], ...others] = timed;
  const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
  const columns: Record<string, string> = {
    case: title,
    'pathkernel, s': steadyMedian(ours.rounds).toPrecision(3),
    'first call, s': ours.first.toPrecision(3),
    'peak memory': gibibytes(ours.peakBytes),
  };
  for (const [name, theirs] of others) {
    const { ratio, steady, theirs: seconds } = compareRounds(ours.rounds, theirs.rounds);
    columns[`${name}, s`] = seconds.toPrecision(3);
    columns[`ratio to ${name}`] = ratio === undefined ? 'not steady' : ratio.toFixed(2);
    columns[`steady with ${name}`] = `${steady} of ${ours.rounds.length}`;
    columns[`${name}, first call, s`] = theirs.first.toPrecision(3);
    columns[`${name}, peak`] = gibibytes(theirs.peakBytes);
  }
  return columns;
}

async function main(options: Options): Promise<void> {
  const { words, rounds, threads, python } = options;
  const hasTorch = spawnSync(python, ['-c', 'import torch'], { encoding: 'utf8' }).status === 0;
  if (!hasTorch) console.log('PyTorch is not installed: no ratios (bench/README.md says how)');
  const chosen = rows.filter(
    ({ name, title }) =>
      words.length === 0 || words.some((word) => `${name} ${title.toLowerCase()}`.includes(word)),
  );
  const table: Record<string, string>[] = [];
  const measured: object[] = [];
  for (const row of chosen) {
    const timed = await time(row, sidesOf(row, options, hasTorch), options);
    measured.push({ title: row.title, ...Object.fromEntries(timed) });
    table.push(line(row, timed));
    console.log(
      Object.entries(table.at(-1)!)
        .map(([name, value]) => (name === 'case' ? value : `${name}: ${value}`))
        .join('  '),
    );
  }
  console.table(
    table.map((columns) =>
      Object.fromEntries(Object.entries(columns).filter(([name]) => !/, peak|, first call/.test(name))),
    ),
  );
  save({ machine: machine(threads), rounds, table, measured });
}

function machine(threads: number): Record<string, string> {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: __dirname,
    encoding: 'utf8',
  }).trim();
  return {
    processor: os.cpus()[0].model,
    threads: String(threads),
    node: process.version,
    commit,
    date: new Date().toISOString(),
  };
}

function save(result: object): void {
  const folder = path.join(__dirname, 'results');
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${new Date().toISOString().replace(/[:.]/g, '-')}.json`);
  fs.writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`written to ${path.relative(process.cwd(), file)}`);
}

void main(parse(process.argv.slice(2)));
