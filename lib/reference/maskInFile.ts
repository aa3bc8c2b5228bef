import { kernelsOf, type Mask } from '../network';
import { tf } from '../tensor';
import { placesInFile } from './placesInFile';
import type { Subject } from './subject';

/** A mask from its bits over all weights of a file, in the file's order; the caller disposes of it. */
export function maskInFile(subject: Subject, bits: ArrayLike<number>): Mask {
  const places = placesInFile(subject);
  return Object.fromEntries(
    kernelsOf(subject.network).map(({ name, shape }) => [
      name,
      tf.tensor(
        Float32Array.from(places[name], (place) => bits[place]),
        [...shape],
      ),
    ]),
  );
}
