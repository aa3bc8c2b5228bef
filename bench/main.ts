import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { invalid } from '../lib/base';
import type { Bound } from './bound';
import { columns } from './columns';
import type { MaskMade } from './makeMask';
import { median } from './median';
import { type BenchOptions, readOptions } from './options';
import type { ResultRow, Results, SideResult } from './results';
import { type Row, rowsWith } from './rows';
import { isSteady, ratio, spread } from './spread';
import type { Side } from './startSide';
import { type Timed, timeRow } from './timeRow';

// `npm run bench -- [WORD …] [--rounds N] [--threads N] [--python FILE] [--output FILE] [--no-compile] [--allow-spread]`:
// README.md says what is measured, and how.

async function main(args: string[]): Promise<void> {
  const options = readOptions(args);
  const chosen = rowsWith(options.words);
  if (chosen.length === 0) throw invalid('words', 'no title of a row holds them all', options.words);
  const hasTorch = spawnSync(options.python, ['-c', 'import torch']).status === 0;
  if (!hasTorch) console.log('PyTorch is not installed: no ratios (bench/README.md says how)');
  const rows: ResultRow[] = [];
  const versions: Record<string, string> = {};
  const settings = {
    machine: machine(options.threads),
    commits: [commit()],
    dates: [new Date().toISOString()],
  };
  for (const row of chosen) {
    const made = row.mask && makeMask(row);
    const sides = sidesOf(row, made?.file, options, hasTorch);
    const timed = await timeSteadily(row, sides, options);
    for (const { first } of timed.values()) Object.assign(versions, first.versions);
    rows.push(resultOf(row, timed, made, options));
    const cells = Object.entries(columns(rows[rows.length - 1])).filter(([, cell]) => cell !== '');
    console.log(cells.map(([name, cell]) => (name === 'case' ? cell : `${name}: ${cell}`)).join('  '));
    write(options.output, { ...settings, versions, rows }); // also what an interrupted run has measured
  }
  console.table(rows.map(columns));
  console.log(`written to ${path.relative(process.cwd(), options.output)}`);
}

/** The mask of a row, in a file that both sides read. */
function makeMask({ case: { network }, mask }: Row): MaskMade {
  const asked = JSON.stringify({ network, ...mask, folder: path.join(__dirname, 'results', 'masks') });
  const args = [...tsx('makeMask.ts'), asked];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' }));
}

function sidesOf(
  row: Row,
  mask: string | undefined,
  { threads, python, isCompiled }: BenchOptions,
  hasTorch: boolean,
): Side[] {
  const asked = JSON.stringify({ ...row.case, mask });
  const sides = [{ name: 'pathkernel', command: process.execPath, args: [...tsx('runCase.ts'), asked] }];
  if (!hasTorch || row.isAlone) return sides;
  const args = [path.join(__dirname, 'peer', 'main.py'), asked, String(threads)];
  sides.push({ name: 'PyTorch', command: python, args });
  if (isCompiled && row.isCompiled)
    sides.push({ name: 'torch.compile', command: python, args: [...args, 'compile'] });
  return sides;
}

function tsx(script: string): string[] {
  return ['--import', 'tsx', path.join(__dirname, script)];
}

/** Times a row, and once more from the start where a side's rounds lie too far apart to be compared. */
async function timeSteadily(
  row: Row,
  sides: readonly Side[],
  options: BenchOptions,
): Promise<Map<string, Timed>> {
  const timed = await timeRow(row, sides, options);
  const all = [...timed.values()];
  const isOnce = all.some(({ rounds }) => rounds.length === 1);
  if (options.allowsSpread || isOnce || all.every(({ rounds }) => isSteady(rounds))) return timed;
  console.log(`${row.title}: not steady, once more`);
  return timeRow(row, sides, options);
}

function resultOf(
  { title }: Row,
  timed: ReadonlyMap<string, Timed>,
  made: MaskMade | undefined,
  { allowsSpread }: BenchOptions,
): ResultRow {
  const [[, ours]] = timed;
  const sides = [...timed].map(([name, { rounds, first, peakBytes }]): [string, SideResult] => [
    name,
    {
      seconds: median(rounds),
      rounds,
      spread: spread(rounds),
      ratio: rounds === ours.rounds ? undefined : ratio(ours.rounds, rounds, allowsSpread),
      first: first.seconds[0],
      peakBytes,
    },
  ]);
  const bound = made?.bound;
  return { title, sides: Object.fromEntries(sides), bound, shareOfPeak: shareOfPeak(ours, bound) };
}

/** How fast ours computed what is left of the multiplications, by the speed that the process was seen to reach. */
function shareOfPeak({ first: { work }, peaks, rounds }: Timed, bound?: Bound): number | undefined {
  if (!work || !peaks) return undefined;
  const operations = 2 * work.multiplications * (bound?.left ?? 1);
  return operations / median(rounds) / (1e9 * peaks[work.kind]);
}

function machine(threads: number): Results['machine'] {
  return {
    processor: os.cpus()[0].model,
    cores: os.cpus().length,
    threads,
    memory: `${(os.totalmem() / 2 ** 30).toFixed(0)} GiB`,
    system: `${os.type()} ${os.machine()}`,
  };
}

function commit(): string {
  const args = ['describe', '--always', '--dirty', '--exclude=*'];
  return execFileSync('git', args, { cwd: __dirname, encoding: 'utf8' }).trim();
}

function write(file: string, results: Results): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
