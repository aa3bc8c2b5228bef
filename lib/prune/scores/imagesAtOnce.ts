import { product } from '../../base';
import type { Network } from '../../network';

/** Copies of every layer's output that a compiled gradient holds at a time, most of them being reused; `twice`: the gradient of one, for GraSP. */
export const outputCopies = { once: 0.75, twice: 2.7 };

/** Enough to keep the cores busy; where batch norm joins the images of a batch, as many as make good statistics. */
const MOST = { separate: 64, joined: 256 };
const LEAST = 16;
/** Bytes of outputs held: ResNet-110 and VGG-19 are scored within 4 GiB in all. */
const BYTES = 2.5e9;
const FLOAT_BYTES = 4;

/**
 * The images whose loss a score takes the gradient of at once: fewer of a network with large outputs, as far as memory goes. The network and
 * the kind of gradient alone say how many, so that scores are the same on every machine.
 *
 * @param areJoined whether batch norm makes an image depend on the others
 * @param isTwice whether the gradient is one of a gradient
 */
export function imagesAtOnce(network: Network, areJoined: boolean, isTwice: boolean): number {
  const outputs = network.nodes.reduce((sum, { id }) => sum + product(network.shapes[id]), 0);
  const copies = isTwice ? outputCopies.twice : outputCopies.once;
  const most = areJoined ? MOST.joined : MOST.separate;
  return Math.max(LEAST, Math.min(most, Math.floor(BYTES / (FLOAT_BYTES * copies * outputs))));
}
