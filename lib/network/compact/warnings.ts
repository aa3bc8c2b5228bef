import { product } from '../../base';
import { tf } from '../../tensor';
import { cuts } from '../cuts';
import type { Network } from '../graph';
import { channelsOf } from '../joinChannels';
import { nodeShapes } from '../nodeShapes';
import { type Constant, opOf } from '../ops';
import type { Params } from '../params';
import { forward } from '../passes';
import type { Facts } from './facts';
import { forEachLink, type Setting } from './setting';

/** Outputs that are listed by name. */
const LISTED = 8;

/**
 * What is amiss in a masked network: that no path is left and where it ends, layers without a weight or that no output depends
 * on, and outputs that do not depend on the input, with their values where those stay.
 *
 * @param small the smaller network and its parameters
 */
export function warningsOf(
  setting: Setting,
  facts: Facts,
  small: { network: Network; params: Params },
): string[] {
  const { network, mode, links } = setting;
  const reached = reachedOf(setting, facts);
  const isDead = (id: string) => !reached.get(id)?.includes(1);
  const [last] = network.nodes.slice(-1);
  const isCut = isDead(last.id);
  const warnings: string[] = [];
  if (isCut) {
    const passages = cuts(network);
    const broken = network.nodes.find(({ id }) => passages.has(id) && isDead(id)) ?? last;
    warnings.push(`no path is left: no output depends on the input, as nothing gets through ${broken.id}`);
  }
  for (const [id, { starts, outputs, kernel }] of links)
    if (starts[outputs] === 0)
      warnings.push(`${id} keeps none of its ${product(shapeOf(network, kernel))} weights`);
    else if (isDead(id)) {
      if (!isCut) warnings.push(`${id} does not depend on the input`);
    } else if (!isCut && !facts.needed.get(id)?.includes(1)) warnings.push(`no output depends on ${id}`);
  const fixed = [...(reached.get(last.id) as Uint8Array).keys()].filter(
    (output) => reached.get(last.id)?.[output] === 0,
  );
  if (fixed.length > 0) warnings.push(constantOutputs(fixed, network.classes, valuesOf()));
  return warnings;

  /** Of all outputs, where they stay: they are those of any sample. */
  function valuesOf(): ArrayLike<number> | undefined {
    if (mode !== 'inference') return undefined;
    return tf.tidy(() => forward(small.network, small.params, tf.zeros([1, ...network.input])).dataSync());
  }
}

function constantOutputs(outputs: readonly number[], classes: number, values?: ArrayLike<number>): string {
  const text = (output: number) =>
    values ? `${output} (${Number(values[output].toPrecision(3))})` : `${output}`;
  const listed = outputs.slice(0, LISTED).map(text).join(', ');
  const rest = outputs.length > LISTED ? ', …' : '';
  const which = values ? 'are constant' : 'do not depend on the input';
  return `${outputs.length} of ${classes} outputs ${which}: ${listed}${rest}`;
}

/** By id of a node: 1 for the channels of its value that depend on the input. */
function reachedOf({ network, mode, links }: Setting, { constants }: Facts): ReadonlyMap<string, Uint8Array> {
  const varies = (value: Constant) => Number(value === undefined);
  if (mode === 'paths')
    // 0 is what no path gets to
    return new Map([...constants].map(([id, known]) => [id, Uint8Array.from(known, varies)]));
  const reached = new Map<string, Uint8Array>();
  for (const node of network.nodes) {
    const own = new Uint8Array(channelsOf(network, node.id));
    const mixes = links.get(node.id);
    const of = (id: string) => reached.get(id) as Uint8Array;
    if (node.op === 'input') own.fill(1);
    else if (mixes)
      for (let output = 0; output < mixes.outputs; output++)
        forEachLink(mixes, output, (channel) => {
          own[output] |= of(node.inputs[0])[channel];
        });
    else
      opOf(node).channels.ties(node, nodeShapes(network, node), (place, from, to) => {
        own[to] |= of(node.inputs[place])[from];
      });
    const known = constants.get(node.id) as readonly Constant[];
    reached.set(
      node.id,
      own.map((isReached, channel) => (known[channel] === undefined ? isReached : 0)),
    );
  }
  return reached;
}

function shapeOf({ parameters }: Network, kernel: string): readonly number[] {
  return parameters.find(({ name }) => name === kernel)?.shape ?? [];
}
