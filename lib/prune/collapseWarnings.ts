import type { Network } from '../network';
import type { Effective } from '../path';
import type { LayerRow } from './layerRows';

/**
 * What is broken in a pruned network: layers left without a weight, whether they cut the network or a shortcut leads around
 * them, layers whose weights lie on no complete path, and outputs that no path reaches.
 */
export function collapseWarnings(network: Network, rows: readonly LayerRow[], live: Effective): string[] {
  const isCut = live.outputs === 0;
  const warnings: string[] = [];
  if (isCut)
    warnings.push(
      `disconnected: no path leads from input to output, none gets through ${live.brokenAt}; the outputs do not depend on the input`,
    );
  for (const { layer, kept, size, effective } of rows) {
    const around = isCut ? '' : ', other branches lead around it';
    if (kept === 0) warnings.push(`layer collapse: ${layer} keeps none of its ${size} weights${around}`);
    else if (effective === 0 && !isCut)
      warnings.push(`layer collapse: none of the ${kept} weights kept in ${layer} is on a complete path`);
  }
  if (!isCut && live.outputs < network.classes)
    warnings.push(`${network.classes - live.outputs} of ${network.classes} outputs have no path to them`);
  return warnings;
}
