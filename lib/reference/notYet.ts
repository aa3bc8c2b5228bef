import type { Comparison } from './comparison';
import { type Fields, isFields } from './jsonFields';

/** Fields that describe a network, its data or how the file was made, by their own name or by that with the fields they lie in. */
const DESCRIPTIONS = new Set([
  ...[
    'about',
    'kind',
    'note',
    'source',
    'dtype',
    'network',
    'architecture',
    'sizes',
    'params',
    'bn_buffers',
    'deltas',
    'prunable_total',
  ],
  ...[
    'formula',
    'weight_seed',
    'data_seed',
    'input_shape',
    'samples',
    'classes',
    'inputs',
    'inputs_shape',
    'targets',
  ],
  ...[
    'train_inputs',
    'train_inputs_shape',
    'test_inputs',
    'test_inputs_shape',
    'labels',
    'labels_shape',
    'eta',
  ],
  ...['agreement_repo_vs_clean_relative', 'max_pool_tie_rule', 'checks'],
  ...['kind', 'formula_hash', 'train', 'test', 'delta', 'nystrom.m'],
  ...['all_parameters', 'weights_only'].map((group) => `${group}.euler_check_t1_max_abs_difference`),
  'path_kernel.recomputation_relative_difference',
  ...['hash_formula', 'linearised.amount'],
  ...['definition', 'file', 'ntk_sap.epsilon', 'ntk_sap.perturbation', 'stages'],
  ...['edge_weight', 'thresholds', 'cases.dense_masked.mask'],
  ...['dense', 'conv'].flatMap((layer) => [`cases.${layer}.shape`, `cases.${layer}.weights`]),
  // How well the file's own eigenvalues hold.
  ...['residuals', 'single', 'single_reason'],
  ...['G_u.u', 'G_u.formula', 'eigenvalues_note'],
  // What is compared with what.
  ...['parents', 'children', 'seeds', 'accuracies'],
  ...['Z', 'Z_shape', 'W_parent', 'W_child', 'W_shape'].map((name) => `linear_layer.${name}`),
  ...['shapes', 'fraction', 'ties', 'rewind', 'trained'],
]);

/**
 * Quantities of a file that nothing was compared with. An object of which parts were compared is looked into, part by part; a
 * list of objects by the method of each.
 *
 * @param given paths of fields that are no quantities in a file of this kind
 */
export function notYet(
  file: Fields,
  compared: readonly Comparison[],
  given: readonly string[] = [],
): string[] {
  const names = compared.map(({ quantity }) => quantity);
  const isDone = (path: string) => names.some((name) => name === path || name.startsWith(`${path}.`));
  const left = (fields: Fields, prefix: string): string[] =>
    Object.entries(fields).flatMap(([name, value]) => {
      const path = prefix + name;
      if ([name, path].some((one) => DESCRIPTIONS.has(one)) || [...given, ...names].includes(path)) return [];
      const within = isFields(value) ? left(value, `${path}.`) : [];
      if (isFields(value) && (isDone(path) || within.length === 0)) return within;
      const parts = methodsIn(value).map((method) => `${path}.${method}`);
      return parts.length > 0 ? parts.filter((part) => !isDone(part)) : isDone(path) ? [] : [path];
    });
  return left(file, '');
}

/** The methods that a list of objects names, each once. */
function methodsIn(value: unknown): string[] {
  if (!Array.isArray(value) || !value.every(isFields)) return [];
  return [...new Set(value.flatMap(({ method }) => (typeof method === 'string' ? [method] : [])))];
}
