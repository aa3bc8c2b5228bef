import { bisectRight } from 'd3-array';

/** From a uniform number in [0, 1), which of several. */
export type Sampler = (u: number) => number;

/**
 * The first j with u < p_0 + … + p_j.
 *
 * @param order which entry stands at each place of the sum; by default its own
 */
export function inverseCdf(chances: ArrayLike<number>, order?: ArrayLike<number>): Sampler {
  const sums = new Float64Array(chances.length);
  let sum = 0;
  let last = 0;
  for (let i = 0; i < sums.length; i++) {
    const chance = chances[order ? order[i] : i];
    sum += chance;
    sums[i] = sum;
    if (chance > 0) last = i;
  }
  return (u) => {
    const place = bisectRight(sums, u, 0, last); // rounding may leave the sum below 1
    return order ? order[place] : place;
  };
}

/**
 * The alias method (Walker 1977; Vose 1991, IEEE Transactions on Software Engineering 17): the same chances in constant time,
 * each taken up by other uniform numbers.
 */
export function aliasTable(chances: ArrayLike<number>): Sampler {
  const n = chances.length;
  const share = Float64Array.from(chances, (chance) => chance * n);
  const likeliest = share.indexOf(share.reduce((most, value) => Math.max(most, value), 0));
  const alias = new Uint32Array(n).fill(likeliest);
  const small: number[] = [];
  const large: number[] = [];
  share.forEach((value, i) => {
    (value < 1 ? small : large).push(i);
  });
  while (small.length > 0 && large.length > 0) {
    const [low, high] = [small.pop() as number, large[large.length - 1]];
    alias[low] = high;
    share[high] -= 1 - share[low];
    if (share[high] < 1) small.push(large.pop() as number);
  }
  for (const i of [...large, ...small]) if (share[i] > 0) share[i] = 1; // but for rounding
  return (u) => {
    const place = Math.floor(u * n);
    return u * n - place < share[place] ? place : alias[place];
  };
}
