import { product } from '../base';
import { kernelsOf, toPytorch } from '../network';
import { tf } from '../tensor';
import type { Subject } from './subject';

/** By weight tensor: for each index of ours the place among all weights of the file. */
export function placesInFile({ network, prunable }: Subject): Record<string, Int32Array> {
  return tf.tidy(() => {
    const numbered = Object.fromEntries(
      kernelsOf(network).map(({ name, shape }) => {
        const size = product(shape);
        return [name, tf.range(0, size, 1, 'int32').reshape([...shape])];
      }),
    );
    const theirs = toPytorch(network, numbered);
    let offset = 0;
    const places: Record<string, Int32Array> = {};
    for (const name of prunable) {
      const ours = theirs[name].dataSync();
      places[name] = new Int32Array(ours.length);
      for (let place = 0; place < ours.length; place++) places[name][ours[place]] = offset + place;
      offset += ours.length;
    }
    return places;
  });
}
