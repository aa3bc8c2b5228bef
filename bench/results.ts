import { invalid } from '../lib/base';
import type { Bound } from './bound';

/** What a run of the benchmark measured, as it is written to a file. */
export interface Results {
  /** When, of each run that is joined here. */
  dates: readonly string[];
  commits: readonly string[];
  machine: Readonly<Record<string, string | number>>;
  versions: Readonly<Record<string, string>>;
  rows: readonly ResultRow[];
}

export interface ResultRow {
  title: string;
  /** By name: pathkernel first, then PyTorch and torch.compile where they were measured. */
  sides: Readonly<Record<string, SideResult>>;
  /** Of rows with a mask. */
  bound?: Bound;
  /** Of training steps: the speed of the multiplications left, of what the process was seen to reach. */
  shareOfPeak?: number;
}

export interface SideResult {
  /** The median of the rounds. */
  seconds: number;
  /** Seconds of a call, the median of each round. */
  rounds: readonly number[];
  /** How far apart they lie (`spread`); absent where there was one. */
  spread?: number;
  /** Our seconds over these; absent where the rounds do not allow it, and of our own side. */
  ratio?: number;
  /** Seconds of the first call. */
  first: number;
  peakBytes: number;
}

/**
 * Joins runs of one machine: a row that was measured again stands as last measured.
 *
 * @throws `invalid results; …` for those of other machines or versions
 */
export function joined(runs: readonly Results[]): Results {
  return runs.reduce((before, run) => {
    for (const name of ['machine', 'versions'] as const) checkSame(before[name], run[name]);
    const rows = [...before.rows, ...run.rows].map((row): [string, ResultRow] => [row.title, row]);
    return {
      dates: unique([...before.dates, ...run.dates]),
      commits: unique([...before.commits, ...run.commits]),
      machine: run.machine,
      versions: { ...before.versions, ...run.versions },
      rows: [...new Map(rows).values()],
    };
  });
}

/** What one run did not use, as PyTorch for a row that stands alone, may be anything. */
function checkSame(before: Results['machine'], now: Results['machine']): void {
  for (const [name, value] of Object.entries(now))
    if (Object.hasOwn(before, name) && before[name] !== value)
      throw invalid('results', `not of one machine, ${name} was ${before[name]}`, value);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
