import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type KernelDriver, openDriver } from './kernelDriver';

let driver: KernelDriver;

before(async () => {
  driver = openDriver();
  await driver.call('start', { id: 'a', cwd: driver.bare });
  await driver.run('a', 'let known = true;');
});
after(() => driver.close());

for (const [code, line, advice] of [
  ['%time known', 1, 'no magics such as %time'],
  ['let x = 1;\n%time x', 2, 'no magics such as %time'],
  ['%%bash\nls -la\necho $HOME | wc', 1, 'no magics such as %bash'],
  ['%%html\n<b>bold</b>', 1, 'no magics such as %html'],
  ['%matplotlib inline', 1, 'no magics such as %matplotlib'],
  ['!ls', 1, 'no shell behind !'],
  ['!ls -la *.ts | head', 1, 'no shell behind !'],
  ['!pip install torch', 1, 'no shell behind !'],
  ['// list them\n!nvidia-smi', 2, 'no shell behind !'],
  ['?known', 1, '? asks nothing here'],
  ['known?', 1, '? asks nothing here'],
  ['known??', 1, '? asks nothing here'],
  ['1;\nknown?\nlet y = 2;', 2, '? asks nothing here'],
] as const)
  test(`${code} is told that it is no command here, in one line`, async () => {
    const { outputs, reply } = await driver.run('a', code);
    const [{ ename, evalue = '', traceback = [] }, ...more] = outputs;
    assert.deepEqual([reply.status, ename, more], ['error', 'NoMagic', []]);
    assert.ok(evalue.includes(advice), evalue);
    assert.equal(traceback[0], `NoMagic: ${evalue}`);
    assert.match(traceback.join('\n'), new RegExp(`cell \\d+, line ${line}:`));
  });

test('what is TypeScript is run', async () => {
  for (const code of ['!known', 'known\n  ? 1\n  : 2', 'const s = `\n%time\n!ls\n`; s.length'])
    assert.equal((await driver.run('a', code)).reply.status, 'ok', code);
});
