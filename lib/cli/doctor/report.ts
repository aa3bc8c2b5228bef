import type { Finding } from './finding';

const marks = { ok: ' ', note: '·', broken: '✗' } as const;

/** The findings as text: a line each, what to do below what is not right, and the verdict. */
export function report(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length)) + 2;
  const lines = findings.flatMap(({ name, value, state, remedy }) => [
    `${marks[state]} ${name.padEnd(width)}${value}`,
    ...(remedy === undefined ? [] : [`  ${''.padEnd(width)}→ ${remedy}`]),
  ]);
  const count = findings.filter(({ state }) => state === 'broken').length;
  const verdict =
    count === 0
      ? 'the project can run'
      : `the project cannot run: ${count} thing${count > 1 ? 's' : ''} to mend`;
  return [...lines, '', verdict].join('\n');
}
