import type { Comparison } from './comparison';
import { type Fields, isFields } from './jsonFields';

/** Fields that describe the network, its data or how the file was made. */
const DESCRIPTIONS = new Set([
  ...[
    'about',
    'source',
    'dtype',
    'network',
    'architecture',
    'sizes',
    'params',
    'bn_buffers',
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
  'path_kernel.recomputation_relative_difference',
]);

/** Fields whose entries are quantities of their own. */
const GROUPS = [
  'values',
  'path_kernel',
  'path_kernel_plain',
  'path_kernel_with_pool_constant',
  'scores',
  'masks',
];

/** Quantities of a file that nothing was compared with: those of methods that this library does not have yet. */
export function notYet(file: Fields, compared: readonly Comparison[]): string[] {
  const done = new Set(compared.flatMap(({ quantity }) => prefixes(quantity)));
  return Object.entries(file)
    .flatMap(([name, value]) => (GROUPS.includes(name) ? namesIn(name, value) : [name]))
    .filter((name) => !done.has(name) && !DESCRIPTIONS.has(name));
}

function namesIn(group: string, value: unknown): string[] {
  if (Array.isArray(value))
    return [...new Set(value.map((entry) => (isFields(entry) ? `${group}.${entry.method}` : group)))];
  return isFields(value) ? Object.keys(value).map((name) => `${group}.${name}`) : [group];
}

/** `a`, `a.b` and `a.b.c` of `a.b.c`. */
function prefixes(quantity: string): string[] {
  const parts = quantity.split('.');
  return parts.map((_, i) => parts.slice(0, i + 1).join('.'));
}
