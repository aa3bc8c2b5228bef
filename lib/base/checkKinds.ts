import { invalid } from './invalid';
import { kindOf } from './kindOf';

/** @throws `invalid NAME; not true or false: VALUE` for an option that is given and neither: a text `'false'` would count as true */
export function checkFlags(options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options))
    if (value !== undefined && typeof value !== 'boolean') throw invalid(name, 'not true or false', value);
}

/** @throws `invalid NAME; not a function: VALUE` for an option that is given and none */
export function checkFunctions(options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options))
    if (value != null && typeof value !== 'function') throw invalid(name, 'not a function', kindOf(value));
}
