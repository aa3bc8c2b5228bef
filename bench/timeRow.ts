import type { Peaks } from '../lib/tensor/profile';
import { median } from './median';
import type { Row } from './rows';
import type { Measurement } from './runCase';
import { type Side, type Started, startSide } from './startSide';

/** What a side's processes said. */
export interface Timed {
  /** Seconds of a call, the median of each round. */
  rounds: number[];
  /** Of the first process. */
  first: Measurement;
  peakBytes: number;
  /** After the rounds; of what says how much it computes. */
  peaks?: Peaks;
}

/**
 * Rounds of all sides in turn, so that a machine that slows down slows them all. A side that cannot do a row, such as
 * `torch.compile` without a compiler, is left out with a word; the first has to.
 */
export async function timeRow(
  row: Row,
  sides: readonly Side[],
  options: { rounds: number; threads: number },
): Promise<Map<string, Timed>> {
  const rounds = Math.min(options.rounds, row.rounds ?? options.rounds);
  const timed = new Map<string, Timed>();
  const note = ({ name }: Side, first: Measurement, { seconds, peakBytes }: Measurement) => {
    const known = timed.get(name) ?? { rounds: [], first, peakBytes };
    known.rounds.push(median(seconds));
    known.peakBytes = Math.max(known.peakBytes, peakBytes);
    timed.set(name, known);
  };
  const running = new Map<Side, Started>();
  const left = [...sides];
  try {
    for (let round = 0; round < rounds; round++)
      for (const side of [...left])
        try {
          const process = running.get(side) ?? (await startSide(side, options.threads));
          running.set(side, process);
          const { first } = process;
          note(side, first, row.isFirst ? first : await process.repeat(row.repetitions));
          if (!row.isFirst) continue;
          running.delete(side);
          await process.stop();
        } catch (error) {
          if (side === sides[0]) throw error;
          left.splice(left.indexOf(side), 1);
          timed.delete(side.name);
          console.error(`${row.title}: ${side.name} left out: ${(error as Error).message}`);
        }
    for (const [{ name }, process] of running)
      if (process.first.work) (timed.get(name) as Timed).peaks = await process.peaks();
  } finally {
    for (const process of running.values()) await process.stop();
  }
  return timed;
}
