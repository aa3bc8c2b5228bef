import { checkNames, invalid, lookUp } from '../../base';
import { kernelsOf, type Network, type ParameterSpec } from '../../network';
import { checkDensity, type HowMuch } from '../checkDensity';
import { er, erk, erkPlus } from './erdosRenyi';
import { exactCounts } from './exactCounts';
import { type LayerRatio, uniformRatio } from './layerRatio';
import { layerSizeOf } from './layerSize';
import { smartRatio } from './smartRatio';
import { smartRatioAsPublished } from './smartRatioAsPublished';

/** Rules that spread a density over layers, by name. */
export const layerRatios = {
  uniform: uniformRatio,
  er,
  erk,
  'erk-plus': erkPlus,
  'smart-ratio': smartRatio,
  'smart-ratio/as-published': smartRatioAsPublished,
} as const satisfies Readonly<Record<string, LayerRatio>>;

export type LayerRatioName = keyof typeof layerRatios;

/** What a layer keeps of its weights. */
export interface LayerQuota {
  layer: string;
  /** Weights of its kernel. */
  size: number;
  /** By the rule, before it comes down to whole weights. */
  density: number;
  kept: number;
}

/**
 * How many weights each layer keeps by a rule, exactly round(density · N) in all, but for `/as-published`.
 *
 *     table(pruning.layerQuotas(network, { ratio: 'erk', density: 0.1 }));
 *
 * @throws `invalid density; …` for one out of range, and where a layer would be left without a weight, `invalid ratio; …`
 */
export function layerQuotas(
  network: Network,
  options: HowMuch & { ratio: LayerRatioName | LayerRatio },
): LayerQuota[] {
  checkNames('layerQuotas', options, { ratio: 1, density: 1, compression: 1 });
  const { ratio, ...howMuch } = options;
  return quotasOf(network, ratio, checkDensity(network, howMuch), kernelsOf(network));
}

/** {@link layerQuotas} of some kernels alone. */
export function quotasOf(
  network: Network,
  ratio: LayerRatioName | LayerRatio,
  density: number,
  kernels: readonly ParameterSpec[],
): LayerQuota[] {
  const rule = typeof ratio === 'function' ? ratio : lookUp<LayerRatio>('ratio', layerRatios, ratio);
  const layers = kernels.map(({ shape }) => layerSizeOf(shape));
  const sizes = layers.map(({ size }) => size);
  const isResidual = network.nodes.some(({ op }) => op === 'add');
  const spread = rule(layers, density, isResidual);
  const counts = exactCounts(spread, sizes, Math.round(density * sizes.reduce((a, b) => a + b, 0)));
  const empty = counts.findIndex((count) => count < 1);
  if (empty >= 0)
    throw invalid(
      'density',
      `leaves none of the ${sizes[empty]} weights of ${kernels[empty].layer}`,
      density,
    );
  return kernels.map(({ layer }, i) => ({
    layer,
    size: sizes[i],
    density: spread.densities[i],
    kept: counts[i],
  }));
}
