import { chosenImages } from './chosenImages';
import { type Images, labelArray } from './dataset';

/** Some of the images of a split with their labels, in the order given. */
export function imagesAt(
  { pixels, labels, count }: Images,
  classes: number,
  chosen: readonly number[],
): Images {
  const own = labelArray(chosen.length, classes); // [chosen]
  chosen.forEach((from, to) => {
    own[to] = labels[from];
  });
  return { pixels: chosenImages(pixels, pixels.length / count, chosen), labels: own, count: chosen.length };
}
