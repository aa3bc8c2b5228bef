import { shorten } from './shorten';
import { toJson } from './toJson';

/** Thrown for bad input; the message always reads `invalid NAME; RULE: VALUE`. */
export class InvalidError extends Error {
  constructor(
    readonly subject: string,
    readonly rule: string,
    readonly value: unknown,
  ) {
    super(`invalid ${subject}; ${rule}: ${render(value)}`);
    this.name = 'InvalidError';
  }
}

/**
 * The error for an input that breaks a rule: `throw invalid('density', 'not in (0, 1]', density)`.
 *
 * @param subject what is wrong, by the name the user knows it
 * @param rule the rule it breaks, with the remedy where there is one
 * @param value the offending value as given
 */
export function invalid(subject: string, rule: string, value: unknown): InvalidError {
  return new InvalidError(subject, rule, value);
}

function render(value: unknown, depth = 0): string {
  if (typeof value === 'string') return shorten(textOf(value), LONGEST);
  if (Array.isArray(value) && depth < 3)
    return shorten(`[${value.map((one) => render(one, depth + 1)).join(', ')}]`, LONGEST);
  if (typeof value === 'object' && value !== null) return shorten(toJson(value), LONGEST);
  return String(value);
}

/** In quotes where it could be taken for something else: `"3"`, `"true"`, `""`. */
function textOf(value: string): string {
  const isPlain = value.trim() === value && value !== '' && !/^(true|false|null|undefined|NaN)$/.test(value);
  return isPlain && Number.isNaN(Number(value)) ? value : JSON.stringify(value);
}

/** The longest value in a message, in characters. */
const LONGEST = 2000;
