import { checkNames, lookUp } from '../base';
import { dropdown } from './dropdown';
import type { EpochSeriesOptions } from './epochSeries';
import { facets } from './facets';
import type { Figure } from './figure';
import { type OutputEpoch, outputs } from './outputs';
import { relativeTrace } from './relativeTrace';
import { distinct, requireRows } from './rows';
import { networkSettings, type Setting, settingOf } from './settings';
import { type TraceAtDensityRow, traceByDensity } from './traceByDensity';
import { type MovementEpoch, weightMovement } from './weightMovement';

/** What the families A to D draw, as `experiments.familyOverEpochs` selects it. */
export type FamilyEpoch = MovementEpoch & OutputEpoch;

/** What family E draws, as `experiments.initialTraces` selects it. */
export type FamilyTrace = TraceAtDensityRow & { model: string };

export interface FamilyOptions extends Pick<EpochSeriesOptions, 'note' | 'epochs' | 'log'> {
  /** Where change and movement are measured from: before training, 0 (the default), or after the first epoch, 1, as published. */
  from?: 0 | 1;
}

/** Of the options those that E has beside its note. */
const NONE = {} as Readonly<Record<'from' | 'epochs' | 'log', 1>>;

type By = 'method' | 'model';
type Draw = (rows: readonly FamilyEpoch[], title: string, by: By, options: FamilyOptions) => Figure;

const runs = { lines: 'runs', color: 'trace' } as const;

const OVER_EPOCHS: Readonly<Record<'A' | 'B' | 'C' | 'D', { name: string; draw: Draw }>> = {
  A: {
    name: 'trace',
    draw: (rows, title, by, { from, ...options }) =>
      relativeTrace(rows, { ...runs, title, by, from, ...options }),
  },
  B: {
    name: 'movement',
    draw: (rows, title, by, { from, ...options }) =>
      weightMovement(rows, { ...runs, title, by, from, relative: true, ...options }),
  },
  C: {
    name: 'output mean',
    draw: (rows, title, by, { from, ...options }) =>
      outputs(rows, from === 1 ? 'firstBatchMean' : 'outputMean', { ...runs, title, by, ...options }),
  },
  D: {
    name: 'output norm',
    draw: (rows, title, by, { from, ...options }) =>
      outputs(rows, from === 1 ? 'firstBatchNorm' : 'outputNorm', {
        ...runs,
        title,
        by,
        log: true,
        ...options,
      }),
  },
};

/**
 * A family of figures as the plots notebook of the authors draws them, in one with a menu: for each network all methods, then for each
 * method all networks, each at each compression, those with several methods first. A, the relative change of the trace, B, relative weight
 * movement, C, mean and D, norm of the outputs, are a line a run, coloured by its trace before training; E is the trace before training
 * against density. At compression 1 the runs of all methods are those of one network, and drawn once, as `dense`.
 *
 *     show(figures.family(await experiments.familyOverEpochs({ hashes }), 'A'));
 *     show(figures.family(await experiments.initialTraces({ hashes }), 'E'));
 *
 * @param rows of as many networks, methods, data sets and compressions as there are
 * @param family `A`, `B`, `C`, `D` or `E`
 * @param options `from`, `epochs`, `log` (a logarithmic ordinate; of D by default) and `note`; of E `note` alone
 * @throws `invalid rows; …` where there are none, or none has what is drawn, `invalid family; unknown, …`
 */
export function family(
  rows: readonly FamilyTrace[],
  family: 'E',
  options?: Pick<FamilyOptions, 'note'>,
): Figure;
export function family(
  rows: readonly FamilyEpoch[],
  family: 'A' | 'B' | 'C' | 'D',
  options?: FamilyOptions,
): Figure;
export function family(
  rows: readonly FamilyTrace[] | readonly FamilyEpoch[],
  family: 'A' | 'B' | 'C' | 'D' | 'E',
  options: FamilyOptions = {},
): Figure {
  const { note, ...others } = options;
  checkNames(`family ${family}`, others, family === 'E' ? NONE : { from: 1, epochs: 1, log: 1 });
  requireRows('rows', rows);
  const titled = (title: string, name: string) => `Family ${family}, ${title}: ${name}`;
  if (family === 'E')
    return byNetworkAndMethod(rows as readonly FamilyTrace[], [], (own, name, by) =>
      traceByDensity(
        own.map((row) => ({ ...row, method: row[by] })),
        { title: titled('trace before training', name), note, legend: by },
      ),
    );
  const { name: quantity, draw } = lookUp('family', OVER_EPOCHS, family);
  return byNetworkAndMethod(densesOnce(rows as readonly FamilyEpoch[]), ['density'], (own, name, by) =>
    draw(own, titled(quantity, name), by, options),
  );
}

/** Runs of which nothing is pruned, once for each network and seed, and called dense. */
function densesOnce(rows: readonly FamilyEpoch[]): FamilyEpoch[] {
  const kept = new Map<string, string>();
  return rows.flatMap((row) => {
    if (settingOf(row, 'density') !== 1) return [row];
    const key = JSON.stringify(
      [...networkSettings, 'epochs' as const].map((name) => settingOf(row, name)).concat(row.seed),
    );
    if (!kept.has(key)) kept.set(key, row.hash);
    return kept.get(key) === row.hash ? [{ ...row, method: 'dense' }] : [];
  });
}

/** A figure for each network and, where there are several, for each method, as choices of a menu. */
function byNetworkAndMethod<R extends { method: string; model: string }>(
  rows: readonly R[],
  also: readonly Setting[],
  draw: (rows: readonly R[], name: string, by: By) => Figure,
): Figure {
  const several = (own: readonly R[]) => Number(distinct(own, 'method').length > 1);
  // A network of which nothing is pruned has one line only: no picture to begin with.
  const networks = facets(rows, [...networkSettings, 'epochs', ...also]).sort(
    (a, b) => several(b.rows) - several(a.rows),
  );
  const methods =
    distinct(rows, 'model').length > 1 ? facets(rows, ['method', 'data', 'trainImages', ...also]) : [];
  return dropdown(
    Object.fromEntries([
      ...networks.map(({ name, rows }) => [name, draw(rows, name, 'method')]),
      ...methods.map(({ name, rows }) => [name, draw(rows, name, 'model')]),
    ]),
  );
}
