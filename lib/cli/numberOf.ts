import { invalid } from '../base';

/**
 * An option's text as a number; undefined where the option was not given.
 *
 * @throws `invalid NAME; not a number: TEXT`
 */
export function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (text.trim() === '' || Number.isNaN(Number(text))) throw invalid(name, 'not a number', text);
  return Number(text);
}
