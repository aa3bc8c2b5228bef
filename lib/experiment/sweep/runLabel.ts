import type { Config } from '../config';
import { modelLabel } from '../run/buildModel';

/** A run in a few words: `resnet20 on cifar-10, synflow, compression 100, seed 3`. */
export function runLabel({ data, model, prune, seed }: Config): string {
  const pruning = prune
    ? `${prune.method}, compression ${Number((1 / prune.density).toPrecision(4))}`
    : 'dense';
  return `${modelLabel(model)} on ${data.name}, ${pruning}, seed ${seed}`;
}
