import { lookUp, product } from '../../base';
import { type Survivors, survivorMask, survivorsOf } from '../../prune';
import { createRandom, type Random } from '../../tensor';
import type { Moment } from '../../train';
import { exactCount, granetCount, riglCount } from '../../train/sparse/counts';
import { byChance, byGradient, evolve, evolveAsPublished } from '../../train/sparse/evolving';
import { pruneAsPublished, regenerateAsPublished } from '../../train/sparse/granet';
import { pruneGlobally } from '../../train/sparse/pruneGlobally';
import { keptAfter, type Replaced } from '../../train/sparse/replaceWeakest';
import { type Comparison, relativeError } from '../comparison';
import { type Fields, fieldsOf } from '../jsonFields';
import type { Kind } from './kind';
import { entries } from './px/findings';

/** What one convention does in an update; numbers of each tensor in the order of the file. */
interface Convention {
  /** Which part of the optimiser's step comes first: none, of the kept weights, or of all that are stored with the gradient of the kept. */
  step: 'none' | 'masked' | 'stored';
  /** Whether what is removed keeps a stored value and momentum, which the mask hides. */
  isStored?: boolean;
  /** Where the gradients stand. */
  gradients?: 'gradients_without_ties';
  /** To a density, before weights are replaced. */
  prune?(moment: Moment, density: number): Survivors;
  replace(moment: Moment, rate: number): Replaced[];
  count(rate: number, kept: number): number;
}

const conventions: Readonly<Record<string, Convention>> = {
  set_exact: { step: 'masked', replace: (moment, rate) => evolve(moment, rate, byChance), count: exactCount },
  rigl_exact: {
    step: 'masked',
    replace: (moment, rate) => evolve(moment, rate, byGradient),
    count: exactCount,
  },
  granet_exact: {
    step: 'masked',
    prune: ({ weights, kept }, density) => pruneGlobally(weights, kept, density),
    replace: (moment, rate) => evolve(moment, rate, byGradient),
    count: exactCount,
  },
  set_code: {
    step: 'stored',
    isStored: true,
    replace: (moment, rate) => evolveAsPublished(moment, rate, byChance),
    count: riglCount,
  },
  rigl_code: {
    step: 'none',
    isStored: true,
    replace: (moment, rate) => evolveAsPublished(moment, rate, byGradient),
    count: riglCount,
  },
  granet_code: {
    step: 'masked',
    gradients: 'gradients_without_ties',
    prune: pruneAsPublished,
    replace: regenerateAsPublished,
    count: granetCount,
  },
};

/** Values by tensor. */
interface State {
  weights: Float64Array[];
  momentum: Float64Array[];
  kept: Survivors;
}

/** Kind `sparse-training-update`: updates of the mask on given numbers, one after the other, in each convention. */
export const sparseTrainingUpdate: Kind = async function* compare({ fields }) {
  const file = fieldsOf('file', fields);
  const shapes = file.object('shapes');
  const names = Object.keys(shapes);
  const sizes = names.map((name) => product(fieldsOf('shapes', shapes).numbers(name)));
  for (const [i, own] of file.objects('cases').entries()) {
    const start = fieldsOf('cases', own);
    const read = (name: string) => listsIn(start.object(name), names);
    const weights = read('weights');
    yield entries('shapes', 0, weights.filter(({ length }, k) => length !== sizes[k]).length);
    const results = start.object('results');
    for (const name of Object.keys(results)) {
      let state: State = { weights, momentum: read('momentum'), kept: survivorsOf(read('mask')) };
      for (const [q, expected] of fieldsOf('results', results).objects(name).entries()) {
        const convention = lookUp('results', conventions, name);
        const found = update(convention, inputsOf(own, q, convention, names), expected, state);
        yield* compareUpdate(`cases.${i}.results.${name}.${q}.`, expected, found, names);
        state = found;
      }
    }
  }
};

/** What an update is given. */
interface Inputs {
  gradients: Float64Array[];
  uniforms: Float64Array[];
  rate: number;
  optimizer: Fields | null;
}

function inputsOf(own: Fields, q: number, { gradients }: Convention, names: readonly string[]): Inputs {
  const fields = fieldsOf('cases', own);
  const lists = (name: string) => listsIn(fields.objects(name)[q], names);
  return {
    gradients: lists(gradients ?? 'gradients'),
    uniforms: lists('uniforms'),
    rate: fields.number('rate'),
    optimizer: own.optimizer === null ? null : fields.object('optimizer'),
  };
}

interface Updated extends State {
  /** After the global prune, where there was one. */
  pruned?: Survivors;
  /** Of each tensor: kept before weights are replaced, how many were asked to drop and did, those of them that grew again. */
  counts: { before: number; asked: number; dropped: number; again: Uint32Array }[];
}

function update(convention: Convention, inputs: Inputs, expected: Fields, before: State): Updated {
  const stepped = step(convention, inputs, before);
  const shown = stepped.weights.map((values, k) => masked(values, before.kept[k])); // what the network has
  const moment: Moment = {
    step: 1,
    weights: shown,
    kept: before.kept,
    gradients: inputs.gradients,
    random: drawing(inputs.uniforms.flatMap((values) => [...values])),
  };
  const sparsity = expected.sparsity_of_the_global_prune;
  const pruned = typeof sparsity === 'number' ? convention.prune?.(moment, 1 - sparsity) : undefined;
  const left = pruned ?? before.kept;
  const weights = pruned ? shown.map((values, k) => masked(values, left[k])) : shown;
  const replaced = convention.replace({ ...moment, weights, kept: left }, inputs.rate);
  const kept = keptAfter(replaced);
  const settle = (values: Float64Array, k: number) => {
    const isNew = (i: number) => kept[k].includes(i) && !before.kept[k].includes(i);
    const isGone = (i: number) => !(kept[k].includes(i) || convention.isStored);
    return values.map((value, i) => (isNew(i) || isGone(i) || (pruned && !left[k].includes(i)) ? 0 : value));
  };
  return {
    weights: stepped.weights.map(settle),
    momentum: stepped.momentum.map(settle),
    kept,
    pruned,
    counts: left.map((own, k) => ({
      before: own.length,
      asked: convention.count(inputs.rate, own.length),
      dropped: replaced[k].grow.length,
      again: replaced[k].grow.filter((index) => own.includes(index)),
    })),
  };
}

/** The optimiser's step that comes before the update, if any. */
function step({ step: kind }: Convention, { gradients, optimizer }: Inputs, { kept, ...before }: State) {
  if (kind === 'none' || optimizer === null) return before;
  const { number } = fieldsOf('optimizer', optimizer);
  const [rate, share, decay] = [number('learning_rate'), number('momentum'), number('weight_decay')];
  const weights = before.weights.map((values) => Float64Array.from(values));
  const momentum = before.momentum.map((values) => Float64Array.from(values));
  weights.forEach((values, k) => {
    const gradient = kind === 'stored' ? masked(gradients[k], kept[k]) : gradients[k];
    values.forEach((value, i) => {
      momentum[k][i] = share * momentum[k][i] + gradient[i] + decay * value;
      values[i] -= rate * momentum[k][i];
    });
  });
  if (kind === 'stored') return { weights, momentum };
  const own = (values: Float64Array, k: number) => masked(values, kept[k]);
  return { weights: weights.map(own), momentum: momentum.map(own) };
}

function* compareUpdate(
  prefix: string,
  expected: Fields,
  found: Updated,
  names: readonly string[],
): Generator<Comparison> {
  const { counts, kept, pruned } = found;
  const differing = (name: string, survivors: Survivors) => {
    const bits = listsIn(fieldsOf(prefix, expected).object(name), names);
    const own = survivorMask(
      survivors,
      bits.map(({ length }) => length),
    );
    return entries(
      prefix + name,
      0,
      own.flatMap((mask, k) => [...mask].filter((bit, i) => bit !== bits[k][i])).length,
    );
  };
  yield differing('mask', kept);
  if (pruned) yield differing('mask_after_global_prune', pruned);
  const weights = found.weights.map((values, k) => masked(values, kept[k]));
  for (const [name, lists] of Object.entries({
    weights,
    momentum: found.momentum,
    raw_weights: found.weights,
  }))
    if (expected[name] !== undefined)
      for (const [k, list] of listsIn(fieldsOf(prefix, expected).object(name), names).entries())
        yield {
          quantity: `${prefix}${name}.${names[k]}`,
          error: relativeError(lists[k], [...list]),
          tolerance: 1e-12,
          measure: 'relative',
        };
  const listed = fieldsOf(prefix, expected).object('counts');
  for (const [k, name] of names.entries()) {
    const of = fieldsOf('counts', listed).object(name);
    const { before, asked, dropped, again } = counts[k];
    const own = {
      kept: kept[k].length,
      kept_before: before,
      asked_to_drop: asked,
      dropped_and_grown: dropped,
    };
    for (const [part, count] of Object.entries(own))
      if (of[part] !== undefined) yield entries(`${prefix}counts.${name}.${part}`, of[part], count);
    if (of.dropped_then_grown_again === undefined) continue;
    const same = again.join() === fieldsOf('counts', of).numbers('dropped_then_grown_again').join();
    yield entries(`${prefix}counts.${name}.dropped_then_grown_again`, 0, same ? 0 : 1);
  }
}

function listsIn(lists: Fields, names: readonly string[]): Float64Array[] {
  return names.map((name) => Float64Array.from(fieldsOf('tensors', lists).numbers(name)));
}

/** Values at some places, 0 elsewhere. */
function masked(values: Float64Array, places: Uint32Array): Float64Array {
  const kept = new Float64Array(values.length);
  for (const place of places) kept[place] = values[place];
  return kept;
}

/** A stream that gives numbers one after the other, of which only uniform ones are drawn. */
function drawing(numbers: readonly number[]): Random {
  let next = 0;
  return { ...createRandom(0), uniform: () => numbers[next++] };
}
