import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { run } from './check';

const folder = mkdtempSync(join(tmpdir(), 'pathkernel-cli-check-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, ...cells: string[]): string {
  const path = join(folder, name);
  const all = cells.map((source) => ({ cell_type: 'code', source, metadata: {}, outputs: [] }));
  writeFileSync(path, JSON.stringify({ nbformat: 4, cells: all }));
  return path;
}

/** Runs the command and returns its status and what it says. */
async function say(context: TestContext, ...args: string[]) {
  const lines: string[] = [];
  const listen = (text: unknown) => void lines.push(String(text));
  const mocks = (['log', 'error'] as const).map((name) => context.mock.method(console, name, listen));
  const code = await run(args);
  for (const { mock } of mocks) mock.restore();
  return { code, text: lines.join('\n') };
}

test('notebooks without a mistake give status 0', async (context) => {
  const paths = [put('a.ipynb', 'const a = 1;', 'a.toFixed();'), put('b.ipynb', "const a = 'a';")];
  assert.deepEqual(await say(context, ...paths), { code: 0, text: '2 notebooks checked, all well' });
});

test('a mistake is shown with its place and line, an unreadable notebook beside it, with status 1', async (context) => {
  const wrong = put('wrong.ipynb', 'const a = 1;', '\n\tconst b: string = a;');
  const none = join(folder, 'none', 'none.ipynb');
  const { code, text } = await say(context, none, wrong);
  assert.equal(code, 1);
  assert.deepEqual(text.split('\n'), [
    `invalid notebook; no such file: ${none}`,
    `${wrong}, cell 2, line 2, column 8: Type 'number' is not assignable to type 'string'. (TS2322)`,
    '    \tconst b: string = a;',
    '    \t      ^',
    '2 notebooks checked, 2 amiss',
  ]);
});

test('an unknown option is refused, and help is given', async (context) => {
  await assert.rejects(run(['--strict']), /invalid option; unknown, did you mean --help: --strict/);
  const { code, text } = await say(context, '--help');
  assert.equal(code, 0);
  assert.match(text, /npx pathkernel check \[NOTEBOOK…\]/);
});
