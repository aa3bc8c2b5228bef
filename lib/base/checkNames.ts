import { invalid } from './invalid';
import { lookUp } from './lookUp';

/**
 * Refuses what is no option, so that a misspelt one is not left out in silence. What is undefined is not given.
 *
 * @param subject whose options they are: `prune`
 * @param names every option there is
 * @throws `invalid options of SUBJECT; unknown, did you mean …: NAME`, and for what is no object
 */
export function checkNames<T extends object>(
  subject: string,
  options: T,
  names: Readonly<Record<keyof T, unknown>>,
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw invalid(`options of ${subject}`, 'not an object', options);
  for (const [name, value] of Object.entries(options))
    if (value !== undefined) lookUp(`options of ${subject}`, names, name);
}
