import { createRandom } from '../tensor/random';
import { type Dataset, type Images, makeDataset } from './dataset';

/** A small set of random bytes for tests; not part of the library. */
export function testDataset(options: {
  shape?: Dataset['shape'];
  classes?: number;
  train?: number;
  test?: number;
}): Dataset<Uint8Array> {
  const { shape = [4, 5, 3], classes = 3, train = 20, test = 7 } = options;
  const random = createRandom('test data set');
  const images = (count: number): Images<Uint8Array> => ({
    pixels: Uint8Array.from({ length: count * shape[0] * shape[1] * shape[2] }, () => random.integer(256)),
    labels: Uint8Array.from({ length: count }, (_, i) => i % classes),
    count,
  });
  return makeDataset({ name: 'test', shape, classes, train: images(train), test: images(test) });
}
