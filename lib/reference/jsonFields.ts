import { invalid } from '../base';

/** A JSON object whose fields are yet to be checked. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether `value` is a JSON object, not an array. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether `value` is an array of numbers. */
export function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'number');
}

/**
 * Readers of the fields of one object.
 *
 * @param where what the object is, for messages: `params[3]`
 */
export function fieldsOf(where: string, fields: Fields) {
  const reader = <T>(kind: string, fits: (value: unknown) => value is T) => {
    return (name: string): T => {
      const value = fields[name];
      if (!fits(value))
        throw invalid(
          'reference file',
          `${where}.${name} must be ${kind}`,
          typeof value === 'number' ? value : brief(value),
        );
      return value;
    };
  };
  return {
    text: reader('a text', (value): value is string => typeof value === 'string'),
    number: reader('a number', (value): value is number => typeof value === 'number'),
    numbers: reader('a list of numbers', isNumbers),
    texts: reader(
      'a list of texts',
      (value): value is string[] => Array.isArray(value) && value.every((entry) => typeof entry === 'string'),
    ),
    objects: reader(
      'a list of objects',
      (value): value is Fields[] => Array.isArray(value) && value.every(isFields),
    ),
    object: reader('an object', isFields),
  };
}

/** A value short enough for a message. */
function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
