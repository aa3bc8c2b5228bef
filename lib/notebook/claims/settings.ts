import assert from 'node:assert/strict';

/** The numbers in a pattern's groups, where it first matches the code of a notebook. */
export function settings(code: readonly string[], pattern: RegExp): number[] {
  const match = pattern.exec(code.join('\n'));
  assert.ok(match, `no code matches ${pattern}`);
  return match.slice(1).map(Number);
}

/** The steps of a training; `batch` is that of `train` where none is said. */
export function stepsOf(images: number, epochs: number, batch = 64): number {
  return epochs * Math.ceil(images / batch);
}
