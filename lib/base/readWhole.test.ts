import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readWhole } from './readWhole';

const folder = mkdtempSync(join(tmpdir(), 'pathkernel-read-'));
after(() => rmSync(folder, { recursive: true }));

test('a file is read whole, and whatever cannot be read is named with its path', async () => {
  const path = join(folder, 'text');
  writeFileSync(path, 'é');
  assert.equal((await readWhole('list', path)).toString(), 'é');
  const before = process.env.HOME;
  process.env.HOME = folder;
  assert.equal((await readWhole('list', '~/text')).toString(), 'é');
  if (before === undefined) delete process.env.HOME;
  else process.env.HOME = before;
  const refuse = (file: string, rule: string) =>
    assert.rejects(readWhole('list', file), { message: `invalid list; ${rule}: ${file}` });
  await refuse(join(folder, 'none.txt'), 'no such file');
  await refuse(join(folder, 'test'), `no such file, near it are ${path}`);
  await refuse(join(folder, 'nowhere', 'text'), 'no such file');
  await refuse(folder, 'a folder, not a file');
  await refuse(join(path, 'inside'), 'leads through a file as if it were a folder');
  symlinkSync('loop', join(folder, 'loop'));
  await refuse(join(folder, 'loop'), 'a link that leads to itself');
  await assert.rejects(readWhole('list', ''), { message: 'invalid list; not a path: ""' });
  await assert.rejects(
    readWhole('list', undefined as unknown as string),
    /invalid list; not a path: undefined/,
  );
});
