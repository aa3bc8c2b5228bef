import { type InspectOptions, inspect } from 'node:util';
import { shorten } from '../base/shorten';
import { reasonOf } from '../base/toJson';

/** What a page still shows with ease, in characters. */
const MOST = 100_000;

/**
 * The text of any value, of a string itself. Nothing throws: a value whose own code fails as it is looked at gives the
 * reason. What is longer than 100,000 characters is cut, and says so.
 */
export function textOf(value: unknown, options: InspectOptions = {}): string {
  if (typeof value === 'string') return shorten(value, MOST);
  try {
    return shorten(inspect(value, options), MOST);
  } catch (error) {
    return shorten(`[a value that cannot be shown: ${reasonOf(error)}]`, MOST);
  }
}
