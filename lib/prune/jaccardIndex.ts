import { invalid } from '../base';
import type { Mask } from '../network';

/**
 * The Jaccard index of two masks: of the weights that one of them keeps, the share that both keep. 1 where neither keeps any.
 *
 * @throws `invalid mask; …` for masks of different kernels
 */
export function jaccardIndex(a: Mask, b: Mask): number {
  let both = 0;
  let either = 0;
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const [ours, theirs] = [a[name]?.dataSync(), b[name]?.dataSync()];
    if (ours === undefined || ours.length !== theirs?.length)
      throw invalid('mask', 'not one kernel in both masks', name);
    for (let i = 0; i < ours.length; i++) {
      if (ours[i] !== 0 && theirs[i] !== 0) both++;
      if (ours[i] !== 0 || theirs[i] !== 0) either++;
    }
  }
  return either === 0 ? 1 : both / either;
}
