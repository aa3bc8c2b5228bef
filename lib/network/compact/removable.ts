import { channelsOf, type JoinedChannels, joinChannels } from '../joinChannels';
import type { Constant } from '../ops';
import { meetsOf, wholeWeight } from './constants';
import type { Facts } from './facts';
import { forEachLink, type Setting } from './setting';

/**
 * Why a channel that does nothing stays: it is joined with one that does something, or an input or output (`joined`); it is a
 * constant read by windows that meet padding in places (`border`) or one that training moves (`trained`); its layer would have
 * none otherwise (`last`), or, in training, no multiple of four, at which batch norm is several times as fast (`filler`).
 */
export type StayReason = 'joined' | 'border' | 'trained' | 'last' | 'filler';

/** Which channels are left, and why those that do nothing are among them. */
export interface Left {
  /** By id of a node: channels of its value, in ascending order. */
  readonly kept: ReadonlyMap<string, readonly number[]>;
  /** Why a channel stays; undefined where it goes. */
  readonly reasonOf: (id: string, channel: number) => StayReason | undefined;
}

/** Channels go in units of what is joined: where nothing reads any of a unit but as a constant that can be carried on. */
export function removable(setting: Setting, facts: Facts): Left {
  const { network, mode, values, links } = setting;
  const { constants, needed } = facts;
  const joined = joinChannels(network);
  const stays = new Map<number, StayReason>();
  const keep = (id: string, channel: number, reason: StayReason) => {
    const unit = joined.unitOf(id, channel);
    if (stays.get(unit) !== 'joined') stays.set(unit, reason);
  };
  const [first, last] = [network.nodes[0], network.nodes[network.nodes.length - 1]];
  for (const { id } of [first, last])
    for (let channel = 0; channel < channelsOf(network, id); channel++) keep(id, channel, 'joined');
  for (const node of network.nodes) {
    const own = links.get(node.id);
    if (!own) continue;
    const [input] = node.inputs;
    const meets = meetsOf(network, node);
    const read = constants.get(input) as readonly Constant[];
    const made = constants.get(node.id) as readonly Constant[];
    for (let output = 0; output < own.outputs; output++) {
      if (needed.get(node.id)?.[output] === 0 || made[output] !== undefined) continue;
      const unit = joined.unitOf(node.id, output);
      forEachLink(own, output, (channel, link) => {
        const value = read[channel];
        if (value === 0 || joined.unitOf(input, channel) === unit) return;
        if (value === undefined) return keep(input, channel, 'joined');
        if (mode === 'training') return keep(input, channel, 'trained');
        if (wholeWeight(values[own.kernel], own, link, meets) === undefined) keep(input, channel, 'border');
      });
    }
  }
  const all = new Map(
    network.nodes.map(({ id }) => [
      id,
      Array.from({ length: channelsOf(network, id) }, (_, channel) => channel),
    ]),
  );
  const left = (id: string) => all.get(id)!.filter((channel) => stays.has(joined.unitOf(id, channel)));
  for (const { id } of network.nodes) if (left(id).length === 0) stays.set(joined.unitOf(id, 0), 'last');
  if (mode === 'training') fill(setting, joined, stays, left);
  return {
    kept: new Map(network.nodes.map(({ id }) => [id, left(id)])),
    reasonOf: (id, channel) => stays.get(joined.unitOf(id, channel)),
  };
}

/** What batch norm's channels are a multiple of, where they can be. */
const WIDTH = 4;

/** Keeps channels that could go until those of every batch norm are a multiple of {@link WIDTH}, or there are no more. */
function fill(
  { network }: Setting,
  { unitOf }: JoinedChannels,
  stays: Map<number, StayReason>,
  left: (id: string) => readonly number[],
): void {
  const norms = network.nodes.filter(({ op }) => op === 'batchNorm');
  for (let isDone = false; !isDone; ) {
    isDone = true;
    for (const { id } of norms) {
      const kept = new Set(left(id));
      for (let channel = 0; kept.size % WIDTH !== 0 && channel < channelsOf(network, id); channel++) {
        if (kept.has(channel)) continue;
        kept.add(channel);
        stays.set(unitOf(id, channel), 'filler');
        isDone = false; // joined with channels of others
      }
    }
  }
}
