import { invalid, lookUp } from '../base';
import { kernelsOf, type Network, type ParameterSpec } from '../network';

/** A layer by its id or the name of its kernel, `*` standing for any text, or layers by a regular expression. */
export type LayerPattern = string | RegExp;

/** Which layers are pruned: all by default. */
export interface LayerChoice {
  /** These alone. */
  only?: LayerPattern | readonly LayerPattern[];
  /** All but these. */
  except?: LayerPattern | readonly LayerPattern[];
}

/**
 * The kernels to prune, in order of the layers.
 *
 * @throws `invalid only; …` or `invalid except; …` for a pattern that no layer matches, and where both are given or no layer
 *   is left
 */
export function layersOf(network: Network, { only, except }: LayerChoice): ParameterSpec[] {
  const kernels = kernelsOf(network);
  if (only === undefined && except === undefined) return kernels;
  if (only !== undefined && except !== undefined)
    throw invalid('only', 'give only or except, not both', [only, except].map(String));
  const subject = only === undefined ? 'except' : 'only';
  const patterns = [only ?? except ?? []].flat() as LayerPattern[];
  const matched = new Set(patterns.flatMap((pattern) => matching(subject, kernels, pattern)));
  const left = kernels.filter((kernel) => matched.has(kernel) === (subject === 'only'));
  if (left.length === 0) throw invalid(subject, 'leaves no layer to prune', patterns.map(String));
  return left;
}

function matching(
  subject: string,
  kernels: readonly ParameterSpec[],
  pattern: LayerPattern,
): ParameterSpec[] {
  const found = kernels.filter(({ layer, name }) => matches(pattern, layer) || matches(pattern, name));
  if (found.length > 0) return found;
  const layers = Object.fromEntries(kernels.map((kernel) => [kernel.layer, [kernel]]));
  return lookUp(`${subject}`, layers, String(pattern));
}

function matches(pattern: LayerPattern, name: string): boolean {
  if (typeof pattern !== 'string') return name.search(pattern) >= 0;
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
