import { checkNames, invalid } from '../base';

/** How much work notebooks do: a test that they run, a few minutes on two cores, or the sizes of the paper. */
export type Scale = 'smoke' | 'laptop' | 'paper';

const SCALES: readonly string[] = ['smoke', 'laptop', 'paper'];

/**
 * The scale of this run, from the environment variable PATHKERNEL_SCALE; `laptop` where it is not set.
 *
 * @throws `invalid PATHKERNEL_SCALE; not smoke, laptop or paper: VALUE`
 */
export function scale(): Scale {
  const value = process.env.PATHKERNEL_SCALE ?? 'laptop';
  if (!isScale(value)) throw invalid('PATHKERNEL_SCALE', 'not smoke, laptop or paper', value);
  return value;
}

/**
 * The one of three choices that belongs to the scale of this run.
 *
 *     const epochs = atScale({ smoke: 1, laptop: 3, paper: 100 });
 *
 * @param choices one for each scale
 * @throws as {@link scale} does
 */
export function atScale<T>(choices: Readonly<Record<Scale, T>>): T {
  checkNames('atScale', choices, { smoke: 1, laptop: 1, paper: 1 });
  const chosen = scale();
  if (choices[chosen] === undefined) throw invalid('choices', 'none for the scale', chosen);
  return choices[chosen];
}

/** Whether a word is the name of a scale. */
export function isScale(value: string): value is Scale {
  return SCALES.includes(value);
}
