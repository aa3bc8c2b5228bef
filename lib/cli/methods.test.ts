import assert from 'node:assert/strict';
import { methods } from '../prune';
import { test } from '../testing';
import { dispatch } from './dispatch';

async function said(...args: string[]): Promise<{ code: number; text: string; error: string }> {
  const { log } = console;
  const lines: string[] = [];
  const errors: string[] = [];
  console.log = (line: string) => lines.push(line);
  try {
    const output = { log: console.log, error: (line: string) => errors.push(line) };
    const code = await dispatch(['methods', ...args], undefined, output);
    return { code, text: lines.join('\n'), error: errors.join('\n') };
  } finally {
    console.log = log;
  }
}

test('the command lists every method with its formula, and tells of one where it is from', async () => {
  const { code, text } = await said();
  assert.equal(code, 0);
  for (const [name, { description }] of Object.entries(methods)) {
    const line = text.split('\n').find((one) => one.trim().split(/\s+/)[0] === name);
    assert.ok(line?.endsWith(description), name);
  }
  const one = await said('synflow', 'px');
  assert.match(one.text, /^synflow\n {2}formula +\|θ\|/);
  assert.match(one.text, /\n {2}from +Tanaka.*2006\.05467\n/);
  assert.match(one.text, /\n\npx\n/);
});

test('a name that is none is refused with the nearest', async () => {
  const { code, error } = await said('synflov');
  assert.equal(code, 1);
  assert.match(error, /invalid method; unknown, did you mean synflow.*: synflov/);
});
