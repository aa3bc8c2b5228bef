import { checkNames, lookUp } from '../../base';
import type { Network } from '../graph';
import { checkMask, type Mask } from '../mask';
import { checkParams, type Params } from '../params';
import type { Constants } from './constants';
import { factsOf } from './facts';
import { removable } from './removable';
import { type CompactRow, reportOf } from './report';
import { type CompactMode, type Movement, settingOf } from './setting';
import { smaller } from './smaller';
import { warningsOf } from './warnings';

export type { CompactMode };

export interface CompactOptions extends Movement {
  /** What has to stay equal; `inference` by default. */
  mode?: CompactMode;
}

/** A masked network without what does nothing in it. */
export interface Compacted {
  network: Network;
  /** Of the smaller network, pruned weights at 0; the caller disposes of them. */
  params: Params;
  /** Of the smaller network; the caller disposes of it. */
  mask: Mask;
  /**
   * By name of a parameter, for each of its entries where it was in the original's tensor; names of which nothing was cut are
   * missing. Biases that carry constants on are in `params` only.
   */
  origin: Readonly<Record<string, Uint32Array>>;
  /** By id of the original's nodes, what each channel of its value is for every input; undefined where it varies. */
  constants: Constants;
  /** What became of each layer's channels. */
  report: CompactRow[];
  /** What is amiss: that no path is left, layers that are empty or useless, outputs that do not depend on the input. */
  warnings: string[];
}

/**
 * The smaller network that computes what a masked network does: without the units and channels that no output depends on, and
 * without those that are the same for every input, whose part goes on in the biases behind them. What it gives is equal but for
 * rounding, as sums are taken in another order.
 *
 *     const small = compact(network, params, mask);
 *     show(small.report);
 *     forward(small.network, small.params, images);
 *
 * In `training` only channels go that are 0 and stay so, or that nothing reads, so that gradients are equal too and remain so
 * after any steps: their weights get no gradient. What weight decay does to them in the meantime, and the running statistics of
 * channels that nothing reads, the smaller network does not know. Every layer keeps one channel at least.
 *
 * @param params stay the caller's
 * @param mask which weights are kept; all by default. Stays the caller's
 * @throws `invalid params; …`, `invalid mask; …` for those of another network
 */
export function compact(
  network: Network,
  params: Params,
  mask?: Mask,
  options: CompactOptions = {},
): Compacted {
  checkNames('compact', options, { mode: 1, moves: 1, drifts: 1 });
  const { mode = 'inference', ...movement } = options;
  lookUp('mode', { inference: 1, training: 1, paths: 1 }, mode);
  checkParams(network, params);
  if (mask) checkMask(network, mask);
  const setting = settingOf(network, params, mask, mode, movement);
  const facts = factsOf(setting);
  const left = removable(setting, facts);
  const { constants } = facts;
  const small = smaller(setting, facts, left, params, mask);
  return {
    ...small,
    constants,
    report: reportOf(setting, facts, left),
    warnings: warningsOf(setting, facts, small),
  };
}
