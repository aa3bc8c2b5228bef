import { invalid, product } from '../../base';
import { allSurvive, countOf, type Survivors, survivorMask } from '../../prune';
import { keepLargest, type LevelRule, thresholdOf } from '../../train/imp/pruneSmallest';
import { compareNumber } from '../checks/tangentKernels';
import { type Comparison, relativeError } from '../comparison';
import { type Fields, fieldsOf, isFields, isNumbers } from '../jsonFields';
import type { Kind } from './kind';

/** Rules by what the files call them. */
const RULES: Readonly<Record<string, LevelRule>> = { exact: 'exact', open_lth_code: 'as-published' };

/** Files on levels of magnitude pruning: tensors of weights as each level has trained them, without a network. */
export const iterativeMagnitude: Kind = async function* compare({ name: file, fields }) {
  const known = fieldsOf('file', fields);
  const names = Object.keys(known.object('shapes'));
  const lists = (where: string, of: Fields) =>
    names.map((name) => Float64Array.from(fieldsOf(where, of).numbers(name)));
  const rewind = lists('rewind', known.object('rewind'));
  const trained = known.objects('trained').map((weights) => lists('trained', weights));
  const sizes = rewind.map(({ length }) => length);
  const shapes = names.map((name) => product(fieldsOf('shapes', known.object('shapes')).numbers(name)));
  if (shapes.join() !== sizes.join())
    throw invalid('reference file', `${file} has weights of other shapes`, sizes);
  for (const [field, levels] of Object.entries(known.object('results'))) {
    const rule = RULES[field];
    if (rule === undefined || !Array.isArray(levels)) continue; // said to be not compared yet
    let kept = allSurvive(sizes);
    for (const [j, expected] of levels.entries()) {
      if (!isFields(expected))
        throw invalid('reference file', `results.${field} must list objects`, expected);
      const cut = { level: j + 1, fraction: known.number('fraction'), rule };
      const now = trained[j].map((values) => values.map(Math.abs));
      const threshold = rule === 'exact' ? null : thresholdOf(now, kept, cut.fraction);
      kept = keepLargest(now, kept, cut);
      yield* compareLevel(`results.${field}.${j + 1}.`, { names, rewind, kept, threshold }, expected);
    }
  }
};

function* compareLevel(
  prefix: string,
  found: {
    names: readonly string[];
    rewind: readonly Float64Array[];
    kept: Survivors;
    threshold: number | null;
  },
  fields: Fields,
): Generator<Comparison> {
  const { names, rewind, kept, threshold } = found;
  const known = fieldsOf(prefix, fields);
  const bits = survivorMask(
    kept,
    rewind.map(({ length }) => length),
  );
  yield compareNumber(`${prefix}kept`, countOf(kept), fields.kept, 0);
  yield entries(`${prefix}kept_by_tensor`, [kept.map(({ length }) => length)], [fields.kept_by_tensor]);
  if (threshold !== null) yield compareNumber(`${prefix}threshold`, threshold, fields.threshold, 0);
  const masks = known.object('mask');
  yield entries(
    `${prefix}mask`,
    bits,
    names.map((name) => masks[name]),
  );
  const weights = known.object('weights_after_rewind');
  const errors = names.map((name, k) =>
    relativeError(
      rewind[k].map((value, i) => value * bits[k][i]),
      weights[name],
    ),
  );
  yield {
    quantity: `${prefix}weights_after_rewind`,
    error: Math.max(...errors),
    tolerance: 0,
    measure: 'relative',
  };
}

/** How many entries of some lists of whole numbers differ. */
function entries(
  quantity: string,
  found: readonly ArrayLike<number>[],
  expected: readonly unknown[],
): Comparison {
  const differing = found.map((list, k) => {
    const theirs = expected[k];
    if (!(isNumbers(theirs) && theirs.length === list.length)) return Number.POSITIVE_INFINITY;
    return theirs.filter((value, i) => value !== list[i]).length;
  });
  return {
    quantity,
    error: differing.reduce((sum, count) => sum + count, 0),
    tolerance: 0,
    measure: 'entries',
  };
}
