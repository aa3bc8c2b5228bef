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

function render(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(render).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return String(value);
}
