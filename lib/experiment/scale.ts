import { checkNames, invalid } from '../base';

/** From the least work to the most. */
export const scales = ['smoke', 'laptop', 'evening', 'paper'] as const;

/** How much work notebooks do: a test that they run, a few minutes on two cores, hours on two cores, or the sizes of the paper. */
export type Scale = (typeof scales)[number];

/** `smoke, laptop, evening or paper`. */
export const scaleNames = `${scales.slice(0, -1).join(', ')} or ${scales.at(-1)}`;

/**
 * The scale of this run, from the environment variable PATHKERNEL_SCALE; `laptop` where it is not set.
 *
 * @throws `invalid PATHKERNEL_SCALE; not smoke, laptop, evening or paper: VALUE`
 */
export function scale(): Scale {
  const value = process.env.PATHKERNEL_SCALE ?? 'laptop';
  if (!isScale(value)) throw invalid('PATHKERNEL_SCALE', `not ${scaleNames}`, value);
  return value;
}

/** A choice for each scale. */
export type Choices<T> = Readonly<Record<Exclude<Scale, 'evening'>, T> & { evening?: T }>;

/**
 * The one of several choices that belongs to the scale of this run; at `evening`, where there is none for it, that of `laptop`.
 *
 *     const epochs = atScale({ smoke: 1, laptop: 3, paper: 100 });
 *
 * @param choices one for each scale, for `evening` where it is another than laptop's
 * @throws as {@link scale} does
 */
export function atScale<T>({ evening, ...choices }: Choices<T>): T {
  checkNames('atScale', choices, { smoke: 1, laptop: 1, paper: 1 });
  const chosen = scale();
  const choice = { ...choices, evening: evening ?? choices.laptop }[chosen];
  if (choice === undefined) throw invalid('choices', 'none for the scale', chosen);
  return choice;
}

/** Whether a word is the name of a scale. */
export function isScale(value: string): value is Scale {
  return (scales as readonly string[]).includes(value);
}
