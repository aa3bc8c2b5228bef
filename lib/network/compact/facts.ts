import { type Constant, opOf } from '../ops';
import { type Constants, constantsOf } from './constants';
import { neededOf } from './needed';
import type { Setting } from './setting';

/** What is known of the channels of a masked network, by id of the nodes. */
export interface Facts {
  readonly constants: Constants;
  /** 1 where an output depends on the channel. */
  readonly needed: ReadonlyMap<string, Uint8Array>;
  /** Channels that would be constant if a shift that they come of did not move. */
  readonly moving: ReadonlyMap<string, ReadonlySet<number>>;
}

/**
 * Finds what stays constant. In training, what is constant at the start is so after a step if its shifts get no gradient and
 * do not drift; those that do are taken for varying until nothing else follows from them.
 */
export function factsOf(setting: Setting): Facts {
  const moving = new Map<string, Set<number>>();
  for (;;) {
    const constants = constantsOf(setting, moving);
    if (setting.mode !== 'training' || !markMoving(setting, constants, moving))
      return { constants, needed: neededOf(setting, constants, 'values'), moving };
  }
}

/** Marks constants that training moves; whether there were any. */
function markMoving(setting: Setting, constants: Constants, moving: Map<string, Set<number>>): boolean {
  const { network, values, movement } = setting;
  const reached = neededOf(setting, constants, 'gradients');
  let isAny = false;
  for (const node of network.nodes) {
    const { channels } = opOf(node);
    const before = constants.get(node.inputs[0]);
    const own = constants.get(node.id) as readonly Constant[];
    own.forEach((value, channel) => {
      if (value === undefined) return;
      const isReached = reached.get(node.id)?.[channel] === 1;
      const isMoved = channels
        .moved(node, before?.[channel] ?? 0)
        .some(
          (name) =>
            (isReached && movement.moves(name, channel)) ||
            movement.drifts(name, channel, values[name][channel]),
        );
      if (!isMoved) return;
      isAny = true;
      moving.set(node.id, (moving.get(node.id) ?? new Set()).add(channel));
    });
  }
  return isAny;
}
