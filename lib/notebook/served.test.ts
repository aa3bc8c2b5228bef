import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type KernelDriver, type Output, openDriver } from './kernelDriver';

let driver: KernelDriver;
before(() => {
  driver = openDriver();
});
after(() => driver.close());

test('through a Jupyter server with its own limits, figures, results and errors arrive whatever a cell prints', async () => {
  const print = "for (let i = 0; i < 9000; i++) console.log((i + ' ').padEnd(500, 'x'));";
  const figure = "({ data: [{ type: 'bar', y: [1, 2] }], layout: {} })";
  const cells = [
    `import { show } from 'pathkernel/notebook';\n${print}\nshow(${figure}); 6 * 7`,
    `${print}\nthrow new RangeError('after much text');`,
    "for (let i = 0; i < 60_000; i++) console[i % 2 ? 'log' : 'error'](i); 1 + 1",
    `for (let i = 0; i < 4000; i++) show(i); show(${figure}); 'the end'`,
    "for (let i = 0; i < 30; i++) { process.stdout.write('y'.repeat(500_000)); await new Promise((r) => setTimeout(r, 5)); } throw 'up'",
    "process.stdout.write('z'.repeat(40_000_000)); 'z'.repeat(40_000_000)",
  ];
  const [printed, thrown, both, many, slow, huge] = await driver.call<Output[][]>('served', {
    cwd: driver.folder,
    codes: cells,
  });
  const typesOf = (outputs: Output[]) => outputs.map(({ type }) => type);
  const textOf = (outputs: Output[]) => outputs.map(({ text = '' }) => text).join('');
  const resultOf = (outputs: Output[]) => outputs.at(-1)?.data?.['text/plain'];

  assert.deepEqual(
    typesOf(printed).filter((type) => type !== 'stream'),
    ['display_data', 'execute_result'],
  );
  assert.equal(resultOf(printed), '42');
  assert.match(textOf(printed), /^0 x{10}.*lines left out.*\n8999 x+\n$/s);
  assert.equal(thrown.at(-1)?.evalue, 'after much text');
  assert.match(String(thrown.at(-1)?.traceback?.join('\n')), /at cell 2:2:7/);
  assert.equal(resultOf(both), '2');
  assert.match(textOf(both), /^0\n2\n|^1\n3\n/);
  assert.equal(typesOf(many).filter((type) => type === 'display_data').length, 4001);
  assert.equal(resultOf(many), 'the end');
  assert.equal(slow.at(-1)?.evalue, 'up');
  assert.match(String(resultOf(huge)), /39,900,000 more characters/);
  for (const outputs of [printed, thrown, both, many, slow, huge])
    assert.doesNotMatch(textOf(outputs), /rate exceeded/);
});
