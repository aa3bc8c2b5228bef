import { median, sum } from 'd3-array';
import { checkFlags, checkNames, invalid, lookUp } from '../../base';
import { checkMask, checkParams, type Mask, multiplications, type Network, type Params } from '../../network';
import type { PruneOptions } from '../../prune';
import { machinePeaks, type Peaks, phased, recordTime, type Spent } from '../../tensor';
import { type Optimiser, sgd } from '../../train';
import { checkOptimiser } from '../../train/optimiser';
import { type Work, works } from './works';

export interface ProfileOptions {
  /** `train` (default), a step on a batch; `evaluate`, a pass over a batch of test images; `prune`; `trace`, of the path kernel. */
  work?: Work;
  /** Images at a time; 128 by default. */
  batch?: number;
  /** Which weights are kept; all by default. */
  mask?: Mask;
  /** Of `train`; SGD with momentum 0.9 and weight decay 10⁻⁴ by default. */
  optimiser?: Optimiser;
  /** Of `train`, as `train` takes it: whether the smaller network is trained that a masked one comes down to. */
  compact?: boolean;
  /** Of `prune`, as `prune` takes it; by default SynFlow to compression 10. Methods that look at images get random ones. */
  prune?: PruneOptions;
  /** How often it is done and measured; by default as often as fits in two seconds, at least 3 times, a pruning once. */
  repetitions?: number;
  /** What the machine can do; measured before and after by default, which takes two seconds. */
  peaks?: Peaks;
}

/** The time that ops of a kind took; calls, times and bytes are those of one repetition. */
export interface ProfileRow extends Spent {
  /** The part of the machine's peak in products or convolutions that was reached; null for what is neither. */
  share: number | null;
}

/** Where the time of a work went. */
export interface Profile {
  network: string;
  work: Work;
  /** Absent where the work takes no batch of its own. */
  batch?: number;
  repetitions: number;
  /** Of one repetition with nobody looking, their median. */
  milliseconds: number;
  /** Of one image forward, by the weights that are kept. */
  multiplications: number;
  /** What the machine could do meanwhile. */
  peaks: Peaks;
  /** By what part of the faster one its speeds before and after differ; above 0.2 shares say little. */
  drift: number;
  /** Longest first. */
  rows: ProfileRow[];
}

/**
 * Measures where the time of a work goes, by phase, layer and op, with TensorFlow's own profiler; on random images.
 *
 * Compiled functions run as they always do. On a GPU ops take as long as it takes to launch them.
 *
 * @param params stay the caller's and are not changed
 * @throws `invalid …` for an unknown work or option, a network whose input is no map, and what the work itself refuses
 */
export async function profile(
  network: Network,
  params: Params,
  options: ProfileOptions = {},
): Promise<Profile> {
  const known = { work: 1, batch: 1, mask: 1, optimiser: 1, compact: 1, prune: 1, repetitions: 1, peaks: 1 };
  checkNames('profile', options, known);
  const { work = 'train', batch = 128, mask, compact, prune, repetitions: wanted } = options;
  const { optimiser = sgd({ learningRate: 0.01, momentum: 0.9, weightDecay: 1e-4 }) } = options;
  checkFlags({ compact });
  const prepare = lookUp('work', works, work);
  for (const [name, count] of Object.entries({ batch, repetitions: wanted ?? 1 }))
    if (!(Number.isInteger(count) && count >= 1))
      throw invalid(name, 'not a whole number of 1 or more', count);
  checkParams(network, params);
  if (network.input.length !== 3)
    throw invalid('network', 'a profile needs one that reads [height, width, channels]', network.input);
  if (mask !== undefined) checkMask(network, mask);
  checkOptimiser(optimiser);
  const before = options.peaks ?? machinePeaks();
  const { run, dispose } = prepare(network, params, { batch, optimiser, mask, compact, prune });
  try {
    await run(); // functions are compiled, memory is taken
    const first = await timed(run);
    const least = work === 'prune' ? 1 : 3;
    const repetitions = wanted ?? Math.max(least, Math.min(100, Math.floor(BUDGET / first)));
    const times = [first];
    while (times.length < repetitions) times.push(await timed(run));
    await phased(run);
    const spent = await recordTime(run, repetitions);
    const after = options.peaks ?? machinePeaks();
    const peaks = {
      product: (before.product + after.product) / 2,
      convolution: (before.convolution + after.convolution) / 2,
    };
    const rows = spent.map((row) => perRepetition(row, repetitions, peaks));
    const own = work === 'train' || work === 'evaluate' ? { batch } : {};
    return {
      network: network.name,
      work,
      ...own,
      repetitions,
      milliseconds: median(times)!,
      multiplications: sum(Object.values(multiplications(network, mask))),
      peaks,
      drift: Math.max(change(before.product, after.product), change(before.convolution, after.convolution)),
      rows,
    };
  } finally {
    dispose();
  }
}

/** Milliseconds for the repetitions that are measured. */
const BUDGET = 2000;

async function timed(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

const change = (a: number, b: number) => Math.abs(a - b) / Math.max(a, b);

function perRepetition(row: Spent, repetitions: number, peaks: Peaks): ProfileRow {
  const { op, multiplications, milliseconds } = row;
  const peak = /Conv/.test(op) ? peaks.convolution : peaks.product;
  const speed = (2 * multiplications) / milliseconds / 1e6; // GFLOP a second
  return {
    ...row,
    calls: row.calls / repetitions,
    milliseconds: milliseconds / repetitions,
    bytes: row.bytes / repetitions,
    multiplications: multiplications / repetitions,
    share: multiplications > 0 && milliseconds > 0 ? speed / peak : null,
  };
}
