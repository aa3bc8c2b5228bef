import type { Choice, Select } from '../select';

/** A selection that keeps the lowest scores where the given one keeps the highest. */
export function inverted(select: Select): Select {
  const choose = (choice: Choice) =>
    select({ ...choice, scores: choice.scores.map((values) => values.map((score) => -score)) });
  return Object.assign(choose, { readmits: select.readmits });
}
