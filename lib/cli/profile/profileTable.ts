import { flatRollup, sum } from 'd3-array';
import type { Profile, ProfileRow } from '../../experiment/profile';
import { tableBundle } from '../../notebook/table';

/** Rows of the table at most, from the longest. */
const MOST = 25;

const WORKS: Readonly<Record<Profile['work'], string>> = {
  train: 'a step of training on',
  evaluate: 'a pass over',
  prune: 'pruning',
  trace: 'a trace of the path kernel',
};

/** A profile as text: what was measured, the phases, and the ops, or the layers in their place. */
export function profileTable([label, profile]: readonly [string, Profile], byLayer = false): string {
  const { network, work, batch, repetitions, milliseconds, multiplications, peaks, drift, rows } = profile;
  const least = sum(rows, (row) => (row.share ?? 0) * row.milliseconds);
  const observed = sum(rows, (row) => row.milliseconds);
  const parts = (of: (row: ProfileRow) => string[]) =>
    flatRollup(rows, merged, (row) => JSON.stringify(of(row)))
      .map(([names, row]) => ({ names: JSON.parse(names) as string[], ...row }))
      .sort((a, b) => b.milliseconds - a.milliseconds);
  const measured = (row: Merged) => ({
    calls: Number(row.calls.toFixed(1)),
    ms: row.milliseconds,
    '%': (100 * row.milliseconds) / observed,
    MB: row.bytes / 1e6,
    'GFLOP/s': row.multiplications > 0 ? (2 * row.multiplications) / row.milliseconds / 1e6 : null,
    share: row.share,
  });
  const phases = parts(({ phase }) => [phase]).map(({ names: [phase], ...row }) => ({
    phase,
    ...measured(row),
  }));
  const details = byLayer
    ? parts(({ phase, part }) => [phase, part]).map(({ names: [phase, layer], ...row }) => ({
        phase,
        layer,
        ...measured(row),
      }))
    : parts(({ phase, op }) => [phase, op]).map(({ names: [phase, op], ...row }) => ({
        phase,
        op,
        ...measured(row),
      }));
  const of = batch === undefined ? '' : ` ${batch} images`;
  const times = repetitions === 1 ? 'once' : `${repetitions} times`;
  return [
    `${network}, ${label}: ${WORKS[work]}${of}, ${milliseconds.toPrecision(3)} ms (${times}; ${observed.toPrecision(3)} ms with the profiler)`,
    `${(multiplications / 1e6).toPrecision(3)} million multiplications an image forward, by the weights kept`,
    `this machine: matrix product ${peaks.product.toFixed(0)} GFLOP/s, convolution ${peaks.convolution.toFixed(0)} GFLOP/s; at these speeds the multiplications alone take ${least.toPrecision(3)} ms`,
    ...(drift > 0.2
      ? [`its speed changed by ${(100 * drift).toFixed(0)} % meanwhile: shares are uncertain`]
      : []),
    text(phases),
    text(details.slice(0, MOST)),
  ].join('\n\n');
}

interface Merged {
  calls: number;
  milliseconds: number;
  bytes: number;
  multiplications: number;
  share: number | null;
}

/** Several rows as one, whose share is of the time of those that have one. */
function merged(rows: readonly ProfileRow[]): Merged {
  const total = (field: 'calls' | 'milliseconds' | 'bytes' | 'multiplications') =>
    sum(rows, (row) => row[field]);
  const counted = rows.filter(({ share }) => share !== null);
  const time = sum(counted, ({ milliseconds }) => milliseconds);
  return {
    calls: total('calls'),
    milliseconds: total('milliseconds'),
    bytes: total('bytes'),
    multiplications: total('multiplications'),
    share:
      time > 0 ? sum(counted, ({ share, milliseconds }) => (share as number) * milliseconds) / time : null,
  };
}

const text = (rows: object[]) =>
  tableBundle(rows as never, { rows: MOST, digits: 3 })['text/plain'] as string;
