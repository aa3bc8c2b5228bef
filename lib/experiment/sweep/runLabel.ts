import { methods } from '../../prune';
import type { Config, PruneConfig, SparseConfig } from '../config';
import { modelLabel } from '../run/buildModel';

/**
 * A run in a few words, with what is not as it is by default: `resnet20 on cifar-10, synflow, compression 100, only stage1/*, seed 3`.
 */
export function runLabel({ data, model, initialiser, prune, train, seed }: Config): string {
  const parts = [
    `${modelLabel(model)} on ${data.name}`,
    ...(initialiser ? [`${initialiser} start`] : []),
    ...(prune ? pruningOf(prune) : ['dense']),
    ...(train?.sparse ? changesOf(train.sparse) : []),
    `seed ${seed}`,
  ];
  return parts.join(', ');
}

function pruningOf(prune: PruneConfig): string[] {
  const {
    method,
    density,
    iterations,
    scope,
    rule,
    temperature,
    replacement,
    gate,
    apply,
    batchNorm,
    only,
    except,
  } = prune;
  const usual = Object.hasOwn(methods, method) ? methods[method].iterations : undefined;
  return [
    method,
    `compression ${Number((1 / density).toPrecision(4))}`,
    iterations !== undefined &&
      iterations !== usual &&
      `${iterations} ${iterations === 1 ? 'iteration' : 'iterations'}`,
    scope !== 'global' && `scope ${scope}`,
    rule !== 'exact' && `rule ${rule}`,
    temperature !== undefined && temperature !== 1 && `temperature ${temperature}`,
    replacement && 'with replacement',
    gate && `gate ${gate}`,
    apply && 'frozen',
    batchNorm && `batch norm in ${batchNorm}`,
    only && `only ${only.join(' ')}`,
    except && `except ${except.join(' ')}`,
  ].filter((part) => typeof part === 'string');
}

function changesOf({ method, density }: SparseConfig): string[] {
  return [
    method,
    ...(density === undefined ? [] : [`to compression ${Number((1 / density).toPrecision(4))}`]),
  ];
}
