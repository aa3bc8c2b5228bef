import type { Random } from '../tensor/random';

/** Where the pixels of an augmented image come from. */
export interface Augmentation {
  /** Rows and columns the image is moved by; what moves in is black. */
  down: number;
  right: number;
  /** Mirrored left to right, after the move. */
  flip: boolean;
}

const padding = 4;

/**
 * A draw of the usual augmentation of CIFAR: 4 black pixels are put around the image, a window of the image's size
 * is cut out at random and mirrored half of the time (He et al. 2016, arXiv 1512.03385, section 4.2).
 */
export function drawAugmentation(random: Random): Augmentation {
  return {
    down: random.integer(2 * padding + 1) - padding,
    right: random.integer(2 * padding + 1) - padding,
    flip: random.integer(2) === 1,
  };
}
