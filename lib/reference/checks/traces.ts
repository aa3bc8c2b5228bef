import { invalid } from '../../base';
import type { Mask } from '../../network';
import { l1PathNorm, l2PathNorm, type PathKernelTrace, pathKernelTrace } from '../../path';
import { type Comparison, relativeErrorOf, worst } from '../comparison';
import { type Fields, isFields } from '../jsonFields';
import { PUBLISHED_L2 } from '../published';
import type { Subject } from '../subject';
import { type Tolerances, tolerancesOf } from '../tolerances';
import type { Check } from './check';
import { compareValues } from './values';

/** The Path Kernel's trace as published and over weights alone, whole, by kind and by parameter. */
export const checkTraces: Check = (subject, file) => {
  const places: [string, unknown][] = [
    ['', file],
    ['path_kernel.', file.path_kernel],
  ];
  return places.flatMap(([prefix, fields]) =>
    isFields(fields) ? comparePathValues(subject, prefix, fields, tolerancesOf(subject)) : [],
  );
};

/**
 * Compares the path values of one object of the file: traces and the path norms beside them.
 *
 * @param mask takes the values of the masked network, sums running over kept weights
 */
export function comparePathValues(
  subject: Subject,
  prefix: string,
  fields: Fields,
  tolerances: Tolerances,
  mask?: Mask,
): Comparison[] {
  const { network, params } = subject;
  const authors = once(() => pathKernelTrace(network, params, { mask, convention: 'as-published' }));
  const weights = once(() => pathKernelTrace(network, params, { mask }));
  const numbers = {
    trace_authors: authors,
    trace_weights_only: weights,
    trace_weights_only_gradient: weights,
    R1_weights_only: () => l1PathNorm(network, params, { mask }),
    R2_weights_only: () => l2PathNorm(network, params, { mask }),
    R2_all_params: () => l2PathNorm(network, params, { ...PUBLISHED_L2, mask }),
  };
  const parts: Record<string, () => Record<string, number>> = {
    trace_authors_by_param: () => byParameter(authors()),
    trace_authors_by_kind: () => byKind(subject, authors()),
    trace_weights_only_by_param: () => byParameter(weights()),
    trace_by_param: () => byParameter(weights()),
  };
  return [
    ...compareValues(prefix, fields, numbers, tolerances),
    ...Object.entries(parts).flatMap(([name, find]): Comparison[] => {
      const expected = fields[name];
      if (expected === undefined) return [];
      if (!isFields(expected))
        throw invalid('reference file', `${prefix}${name} must be an object`, expected);
      const found = find();
      const error = worst(Object.entries(expected), ([part, value]) =>
        relativeErrorOf(found[part] ?? 0, value),
      );
      return [{ quantity: prefix + name, error, tolerance: tolerances.value, measure: 'relative' }];
    }),
  ];
}

function byParameter({ perLayer }: PathKernelTrace): Record<string, number> {
  return Object.fromEntries(perLayer.map(({ name, log }) => [name, Math.exp(log)]));
}

function byKind({ listed }: Subject, trace: PathKernelTrace): Record<string, number> {
  const parts = byParameter(trace);
  const sums: Record<string, number> = {};
  for (const { name, kind } of listed) sums[kind] = (sums[kind] ?? 0) + (parts[name] ?? 0);
  return sums;
}

function once<T>(compute: () => T): () => T {
  let result: { value: T } | undefined;
  return () => {
    result ??= { value: compute() };
    return result.value;
  };
}
