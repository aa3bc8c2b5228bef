import '../exactConvolutions';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { checkReference, isWithin, readReferenceFile } from '..';

/** Where something lies in a file, and what to put there. */
export type Change = readonly [path: readonly (string | number)[], to: (value: never) => unknown];

/**
 * How many quantities of a fixture are compared, and which are not, or do not agree, after some changes. For tests.
 *
 * @param name without `.json`
 */
export async function compared(
  name: string,
  changes: readonly Change[] = [],
): Promise<{ count: number; wrong: string[] }> {
  const file = readReferenceFile(join(__dirname, '..', 'fixtures', `${name}.json`));
  const fields = structuredClone(file.fields);
  for (const [path, to] of changes) change(fields, path, to);
  let count = 0;
  const wrong: string[] = [];
  for await (const finding of checkReference({ ...file, fields })) {
    count++;
    if (finding.measure === 'not yet' || !isWithin(finding)) wrong.push(finding.quantity);
  }
  return { count, wrong };
}

type Holder = Record<string | number, unknown>;

function change(fields: object, path: Change[0], to: Change[1]): void {
  const holder = path.slice(0, -1).reduce((at, key) => at[key] as Holder, fields as Holder);
  const last = path[path.length - 1];
  const before = holder[last];
  assert.ok(before !== undefined, `no ${path.join('.')}`);
  holder[last] = to(structuredClone(before) as never);
  assert.notDeepEqual(holder[last], before, path.join('.'));
}
