import { checkNames, invalid } from '../base';

/**
 * What outputs are to be for images of these classes, image by image: 1 for the class of an image, 0 for others.
 *
 * @param labels a class for each image
 * @param options.centred whether 1 / classes is taken off, as any constant the kernel may have aligned to all classes alike; false
 *   by default
 * @returns `[images, classes]`
 * @throws `invalid labels; …`
 */
export function labelTargets(
  labels: ArrayLike<number>,
  classes: number,
  options: { centred?: boolean } = {},
): Float64Array {
  checkNames('labelTargets', options, { centred: 1 });
  if (!(Number.isInteger(classes) && classes >= 1))
    throw invalid('classes', 'not a positive whole number', classes);
  const targets = new Float64Array(labels.length * classes).fill(options.centred ? -1 / classes : 0);
  for (let n = 0; n < labels.length; n++) {
    const label = labels[n];
    if (!(Number.isInteger(label) && 0 <= label && label < classes))
      throw invalid('labels', `not 0 to ${classes - 1}`, label);
    targets[n * classes + label] += 1;
  }
  return targets;
}
