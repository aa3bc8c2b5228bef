import { lookUp } from '../../base';
import { datasets } from '../../data';
import { architectures } from '../../network';
import { methods } from '../../prune';
import { quantities } from '../../train';
import type { Config } from '../config';

/**
 * Checks that the tables have what a configuration names, once its plug-ins are there.
 *
 * @throws `invalid config…; unknown, did you mean …: NAME`
 */
export function checkEntries({ data, model, prune, record }: Config): void {
  lookUp('config.data.name', datasets, data.name);
  lookUp('config.model.name', { ...architectures, fc: architectures }, model.name);
  if (prune) lookUp('config.prune.method', methods, prune.method);
  for (const name of record.quantities ?? []) lookUp('config.record.quantities', quantities, name);
}
