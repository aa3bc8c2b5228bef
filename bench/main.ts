import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { median } from './median';
import { rows } from './rows';
import type { Measurement } from './runCase';

// `npm run bench -- [WORD …] [--rounds N] [--threads N] [--python FILE]`: every row whose name holds one of the words, in pairs
// of processes, ours and PyTorch's in turn, so that a drift of the machine's speed falls on both.

const USAGE = 'npm run bench -- [WORD …] [--rounds N] [--threads N] [--python FILE]';

interface Options {
  words: string[];
  rounds: number;
  threads: number;
  python: string;
}

function parse(args: string[]): Options {
  const options: Options = {
    words: [],
    rounds: 3,
    threads: os.cpus().length,
    python: path.join(__dirname, '..', '.venv', 'bin', 'python'),
  };
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--rounds') options.rounds = Number(args[++i]);
    else if (args[i] === '--threads') options.threads = Number(args[++i]);
    else if (args[i] === '--python') options.python = args[++i];
    else if (args[i].startsWith('--')) throw new Error(`unknown option ${args[i]}; usage: ${USAGE}`);
    else options.words.push(args[i]);
  }
  for (const [name, value] of Object.entries({ rounds: options.rounds, threads: options.threads }))
    if (!(Number.isInteger(value) && value > 0))
      throw new Error(`invalid ${name}; not a positive whole number: ${value}`);
  return options;
}

function measure(command: string, args: string[], threads: number): Measurement {
  const env = { ...process.env, TF_NUM_INTRAOP_THREADS: String(threads), OMP_NUM_THREADS: String(threads) };
  const { status, stdout, stderr } = spawnSync(command, args, { env, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1) as string);
}

function main({ words, rounds, threads, python }: Options): void {
  const hasTorch = spawnSync(python, ['-c', 'import torch'], { encoding: 'utf8' }).status === 0;
  if (!hasTorch) console.log('PyTorch is not installed: no ratios (setup/requirements-bench.txt says how)');
  const chosen = rows.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  const table: Record<string, string>[] = [];
  for (const { name, title, repetitions } of chosen) {
    const ours: Measurement[] = [];
    const theirs: Measurement[] = [];
    for (let round = 0; round < rounds; round++) {
      const tsArgs = ['--import', 'tsx', path.join(__dirname, 'runCase.ts'), name, String(repetitions)];
      ours.push(measure(process.execPath, tsArgs, threads));
      const pyArgs = [path.join(__dirname, 'peer', 'main.py'), name, String(repetitions), String(threads)];
      if (hasTorch) theirs.push(measure(python, pyArgs, threads));
    }
    table.push(line(title, ours, theirs));
    console.log(Object.values(table.at(-1)!).join('  '));
  }
  console.table(table);
  save({ machine: machine(threads), rounds, table });
}

/** Medians over all repetitions; the ratio is the median of the ratios of each pair. */
function line(title: string, ours: Measurement[], theirs: Measurement[]): Record<string, string> {
  const seconds = (all: Measurement[]) => median(all.flatMap((one) => one.seconds));
  const peak = (all: Measurement[]) =>
    `${(Math.max(...all.map((one) => one.peakBytes)) / 2 ** 30).toFixed(2)} GiB`;
  const row: Record<string, string> = {
    case: title,
    'pathkernel, s': seconds(ours).toPrecision(3),
    'peak memory': peak(ours),
  };
  if (theirs.length === 0) return row;
  const ratio = median(ours.map((one, i) => median(one.seconds) / median(theirs[i].seconds)));
  return {
    ...row,
    'PyTorch, s': seconds(theirs).toPrecision(3),
    'PyTorch peak': peak(theirs),
    'time ratio': ratio.toFixed(2),
  };
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

main(parse(process.argv.slice(2)));
