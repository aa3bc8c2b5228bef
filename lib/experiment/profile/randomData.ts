import { product } from '../../base';
import { type Dataset, makeDataset } from '../../data';
import type { Network } from '../../network';
import { createRandom } from '../../tensor';

/** As many random images in each split as said, for a network that reads maps, with labels in turn. */
export function randomData({ input, classes }: Network, count: number): Dataset {
  const random = createRandom(1);
  const images = {
    pixels: Uint8Array.from({ length: count * product(input) }, () => random.integer(256)),
    labels: Uint16Array.from({ length: count }, (_, i) => i % classes),
    count,
  };
  const shape = [...input] as [number, number, number];
  return makeDataset({ name: 'random pixels', shape, classes, train: images, test: images });
}
