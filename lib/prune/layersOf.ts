import { types } from 'node:util';
import { checkNames, invalid } from '../base';
import { checkKernels, kernelsOf, matchLayers, type Network, type ParameterSpec } from '../network';

/** A layer by its id, `*` standing for any text, or layers by a regular expression. */
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
 * @throws `invalid only; …` or `invalid except; …` for a pattern that no layer with a kernel matches, and where both are given
 *   or no layer is left; `invalid network; …` without kernels
 */
export function layersOf(network: Network, choice: LayerChoice): ParameterSpec[] {
  checkNames('a choice of layers', choice, { only: 1, except: 1 });
  const { only, except } = choice;
  const kernels = kernelsOf(network);
  checkKernels(network, kernels);
  if (only === undefined && except === undefined) return kernels;
  if (only !== undefined && except !== undefined)
    throw invalid('only', 'give only or except, not both', [only, except].map(String));
  const subject = only === undefined ? 'except' : 'only';
  const patterns = [only ?? except ?? []].flat() as LayerPattern[];
  const matched = new Set(
    patterns.flatMap((pattern) => {
      if (typeof pattern !== 'string' && !types.isRegExp(pattern))
        throw invalid(subject, 'neither the name of a layer nor a regular expression', pattern);
      const isMatch =
        typeof pattern === 'string'
          ? (layer: string) => matchLayers(network, pattern, subject).has(layer)
          : (layer: string) => layer.search(pattern) >= 0;
      const found = kernels.filter(({ layer }) => isMatch(layer));
      if (found.length > 0) return found;
      throw invalid(subject, 'no layer with a kernel has that name', String(pattern));
    }),
  );
  const left = kernels.filter((kernel) => matched.has(kernel) === (subject === 'only'));
  if (left.length === 0) throw invalid(subject, 'leaves no layer to prune', patterns.map(String));
  return left;
}
