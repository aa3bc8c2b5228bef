import type { Random } from '../../tensor';

/**
 * So many of some indices, every set of them as likely, in their order (Knuth's algorithm S).
 *
 * @param count all where there are no more
 */
export function drawSubset(indices: Uint32Array, count: number, random: Random): Uint32Array {
  if (count >= indices.length) return indices;
  const found = new Uint32Array(count);
  let taken = 0;
  for (let j = 0; taken < count; j++)
    if (random.uniform() * (indices.length - j) < count - taken) found[taken++] = indices[j];
  return found;
}
