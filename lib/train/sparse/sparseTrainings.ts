import { checkFlags, checkNames, invalid, lookUp } from '../../base';
import { gmp } from './gmp';
import { granet, granetAsPublished } from './granet';
import type { DescribedTraining, SparseSettings, SparseTraining } from './policy';
import { rigl, riglAsPublished } from './rigl';
import { set, setAsPublished } from './set';

const builtIn = {
  gmp,
  set,
  'set/as-published': setAsPublished,
  rigl,
  'rigl/as-published': riglAsPublished,
  granet,
  'granet/as-published': granetAsPublished,
} as const satisfies Readonly<Record<string, DescribedTraining>>;

/** The name of a way to change the mask during training. */
export type SparseTrainingName = keyof typeof builtIn;

/** Every way to change the mask during training, by name: a plain name is the paper's, `/as-published` its code. */
export const sparseTrainings: Readonly<Record<SparseTrainingName, DescribedTraining>> = builtIn;

/** How the mask changes during a training; options left out are as the method has them. */
export interface SparseOptions extends Partial<SparseSettings> {
  /** A name of {@link sparseTrainings}, or a way of one's own. */
  method: SparseTrainingName | SparseTraining;
}

const checks: { readonly [Name in keyof SparseSettings]: (value: SparseSettings[Name]) => void } = {
  every(value) {
    if (value !== 'epoch' && !(Number.isSafeInteger(value) && value >= 1))
      throw invalid('sparse.every', 'not a whole number of steps from 1, or epoch', value);
  },
  begin: (value) => inRange('begin', 'not in [0, 1), a part of the training', value, 0 <= value && value < 1),
  end: (value) => inRange('end', 'not in (0, 1], a part of the training', value, 0 < value && value <= 1),
  density: (value) => inRange('density', 'not in (0, 1]', value, 0 < value && value <= 1),
  fraction: (value) => inRange('fraction', 'not in (0, 1)', value, 0 < value && value < 1),
  decay: (value) => lookUp('sparse.decay', { cosine: 1, constant: 1 }, value),
  replacesStep: (value) => checkFlags({ 'sparse.replacesStep': value }),
  scope: (value) => lookUp('sparse.scope', { global: 1, layer: 1 }, value),
};

function inRange(name: string, rule: string, value: unknown, holds: boolean): void {
  if (typeof value !== 'number' || !holds) throw invalid(`sparse.${name}`, rule, value);
}

/**
 * A way to change the mask with all its settings, defaults filled in.
 *
 * @throws `invalid sparse.method; unknown, did you mean …`, `invalid options of sparse NAME; …` for an option that it does not take,
 *   `invalid sparse.OPTION; …` for one that is missing or out of range
 */
export function readSparseOptions(options: SparseOptions): {
  training: SparseTraining;
  settings: Partial<SparseSettings>;
} {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw invalid('sparse', "not options such as { method: 'rigl' }", options);
  const { method, ...given } = options;
  const training = sparseTrainingOf(method);
  const own = Object.fromEntries(Object.keys(training.options).map((name) => [name, 1]));
  checkNames<object>('sparse', options, { method: 1, ...own });
  const chosen = Object.entries(given).filter(([, value]) => value !== undefined);
  const settings: Partial<SparseSettings> = { ...training.options, ...Object.fromEntries(chosen) };
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined) throw invalid(`sparse.${name}`, 'is missing, this method needs it', value);
    (checks[name as keyof SparseSettings] as (value: unknown) => void)(value);
  }
  const { begin = 0, end = 1 } = settings;
  if (!(begin < end)) throw invalid('sparse.end', `not after begin, ${begin}`, end);
  return { training, settings };
}

function sparseTrainingOf(method: SparseOptions['method']): SparseTraining {
  if (typeof method !== 'object' || method === null)
    return lookUp<SparseTraining>('sparse.method', sparseTrainings, method as string);
  const { description, options, policy } = method;
  if (typeof description !== 'string' || typeof options !== 'object' || typeof policy !== 'function')
    throw invalid(
      'sparse.method',
      'neither a name nor { description, options, policy }',
      Object.keys(method),
    );
  for (const name of Object.keys(options)) lookUp('sparse.method.options', checks, name);
  return method;
}
