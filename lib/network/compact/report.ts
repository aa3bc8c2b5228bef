import type { Constant } from '../ops';
import type { Facts } from './facts';
import type { Left, StayReason } from './removable';
import type { Setting } from './setting';

/** What became of a layer's channels. */
export interface CompactRow {
  /** Id of a layer with a kernel; `total` in the last row. */
  layer: string;
  /** Channels, or units, of its value. */
  channels: number;
  /** Those that are left. */
  left: number;
  /** Channels left that do nothing, by why they stay: see {@link StayReason}. */
  joined: number;
  border: number;
  trained: number;
  last: number;
  filler: number;
}

/** A row for each layer with a kernel, and their sum. */
export function reportOf({ network, links }: Setting, facts: Facts, { kept, reasonOf }: Left): CompactRow[] {
  const rows = network.nodes.flatMap(({ id }): CompactRow[] => {
    const own = links.get(id);
    if (!own) return [];
    const left = kept.get(id) as readonly number[];
    const row = {
      layer: id,
      channels: own.outputs,
      left: left.length,
      joined: 0,
      border: 0,
      trained: 0,
      last: 0,
      filler: 0,
    };
    for (const channel of left) {
      const reason = idleReason(id, channel);
      if (reason) row[reason]++;
    }
    return [row];
  });
  const sum = (column: Exclude<keyof CompactRow, 'layer'>) =>
    rows.reduce((total, row) => total + row[column], 0);
  return [
    ...rows,
    {
      layer: 'total',
      ...{ channels: sum('channels'), left: sum('left') },
      ...{
        joined: sum('joined'),
        border: sum('border'),
        trained: sum('trained'),
        last: sum('last'),
        filler: sum('filler'),
      },
    },
  ];

  /** Why a channel stays that does nothing; undefined for one that does something. */
  function idleReason(id: string, channel: number): StayReason | undefined {
    if (facts.moving.get(id)?.has(channel)) return 'trained';
    const value = (facts.constants.get(id) as readonly Constant[])[channel];
    const isIdle = value !== undefined || facts.needed.get(id)?.[channel] === 0;
    return isIdle ? reasonOf(id, channel) : undefined;
  }
}
