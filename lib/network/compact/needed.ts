import { channelsOf } from '../joinChannels';
import { nodeShapes } from '../nodeShapes';
import { type Constant, opOf } from '../ops';
import type { Constants } from './constants';
import { forEachLink, type Setting } from './setting';

/**
 * By id of a node: 1 for the channels of its value that an output depends on.
 *
 * @param through `values`: what is constant depends on nothing; `gradients`: a gradient goes through it all the same
 */
export function neededOf(
  { network, mode, values, links }: Setting,
  constants: Constants,
  through: 'values' | 'gradients',
): ReadonlyMap<string, Uint8Array> {
  const needed = new Map(network.nodes.map(({ id }) => [id, new Uint8Array(channelsOf(network, id))]));
  const context = { mode: mode === 'training' ? mode : ('inference' as const), values };
  const [last] = network.nodes.slice(-1);
  needed.get(last.id)?.fill(1);
  for (const node of [...network.nodes].reverse()) {
    const own = needed.get(node.id) as Uint8Array;
    const mixes = links.get(node.id);
    const of = (id: string) => constants.get(id) as readonly Constant[];
    if (mixes)
      own.forEach((isNeeded, output) => {
        if (isNeeded === 0 || (through === 'values' && of(node.id)[output] !== undefined)) return;
        const before = needed.get(node.inputs[0]) as Uint8Array;
        forEachLink(mixes, output, (channel) => {
          before[channel] = 1;
        });
      });
    else {
      const { ties, opens } = opOf(node).channels;
      ties(node, nodeShapes(network, node), (place, from, to) => {
        if (own[to] === 0) return;
        const value = of(node.inputs[place])[from];
        const isShut = mode !== 'paths' && value !== undefined && !opens(node, value, from, context);
        if (!isShut) (needed.get(node.inputs[place]) as Uint8Array)[from] = 1;
      });
    }
  }
  return needed;
}
