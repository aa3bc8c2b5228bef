import { isRecord } from '../../base/isRecord';

/** The ways to say how much to prune. */
export const howMuch = ['density', 'compression', 'exponent'];

/**
 * A configuration with another's values laid over its own, object by object. A part that is null goes; of the three ways to
 * say how much to prune the upper one stays; a name alone, `"conv"`, replaces an object, and is
 * the name of what is laid over it.
 */
export function overlay(
  base: Readonly<Record<string, unknown>>,
  above: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const isDensityGiven = howMuch.some((key) => key in above);
  const result = Object.fromEntries(
    Object.entries(base).filter(([key]) => !(isDensityGiven && howMuch.includes(key))),
  );
  for (const [key, value] of Object.entries(above)) {
    const below = isRecord(value) && typeof result[key] === 'string' ? { name: result[key] } : result[key];
    if (value === null) delete result[key];
    else result[key] = isRecord(value) ? overlay(isRecord(below) ? below : {}, value) : value;
  }
  return result;
}
