import { invalid } from '../base';
import type { EpochRow } from './epochRow';
import { type EpochState, quantities } from './quantities';

/** Measures a state: every quantity that is always recorded, and those asked for. A raised signal is thrown. */
export async function measure(state: EpochState): Promise<EpochRow> {
  const row: Record<string, number | null> = { epoch: state.epoch };
  for (const [name, { onRequest, measure }] of Object.entries(quantities)) {
    if (onRequest && !state.record.quantities?.includes(name)) continue;
    const value: unknown = await measure(state);
    if (value !== null && typeof value !== 'number')
      throw invalid(`quantity ${name}`, 'measured neither a number nor null', value);
    row[name] = value as number | null;
  }
  return row as unknown as EpochRow;
}
