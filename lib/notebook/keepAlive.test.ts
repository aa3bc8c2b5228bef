import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type KernelDriver, type Output, openDriver, type Ran } from './kernelDriver';

let driver: KernelDriver;

before(async () => {
  driver = openDriver();
  await driver.call('start', { id: 'a', cwd: driver.bare });
  await run('let kept = 6; const sleep = (ms: number) => new Promise<void>((r) => setTimeout(r, ms));');
});
after(() => driver.close());

const run = (code: string) => driver.run('a', code);
const late = (seconds: number) => driver.call<Output[]>('late', { id: 'a', seconds });
const textOf = (outputs: Output[]) => outputs.map(({ text = '' }) => text).join('');
const errorOf = ({ outputs }: Ran) => {
  const { ename, evalue } = outputs.find(({ type }) => type === 'error') ?? {};
  return `${ename}: ${evalue}`;
};
const STAYS = 'ended the cell; the kernel and its variables stay';

for (const [code, call] of [
  ['process.exit(0);', 'process.exit(0)'],
  ['process.exit();', 'process.exit()'],
  ['process.exitCode = 0; process.exit(3);', 'process.exit(3)'],
  ['await sleep(1); process.exit(1);', 'process.exit(1)'],
  ['try { process.exit(2); } catch {}', 'process.exit(2)'],
  [
    'const main = async () => { await sleep(1); process.exit(0); };\nawait main().catch((error) => { console.error(error); process.exit(1); });',
    'process.exit(0)',
  ],
  ['setTimeout(() => process.exit(4), 10); await new Promise(() => {});', 'process.exit(4)'],
  ['void Promise.resolve().then(() => process.exit(5)); await new Promise(() => {});', 'process.exit(5)'],
  ['process.abort();', 'process.abort()'],
  ['process.kill(process.pid);', 'process.kill of the kernel'],
  ["await sleep(1); process.kill(process.pid, 'SIGKILL');", 'process.kill of the kernel'],
])
  test(`${code} ends the cell, with what it wrote, and not the kernel`, async () => {
    const ran = await run(`console.log('kept');\n${code}\nconsole.log('not reached');`);
    assert.deepEqual([ran.reply.status, errorOf(ran)], ['error', `Exit: ${call} ${STAYS}`]);
    assert.match(textOf(ran.outputs), /^kept\n(Code of cell \d+ went on after the cell was stopped: .*\n)?$/);
    assert.equal(textOf((await run('console.log(++kept);')).outputs), `${++kept}\n`);
  });
let kept = 6;

test('an exit in a callback after the end of its cell is told there', async () => {
  const { id } = await run('setTimeout(() => process.exit(7), 100);');
  const next = await run("await sleep(200); console.log('next');");
  assert.deepEqual([next.reply.status, textOf(next.outputs)], ['ok', 'next\n']);
  const [told, ...more] = await late(0.1);
  assert.deepEqual([told.parent, more], [id, []]);
  assert.match(String(told.text), new RegExp(`^Exit: process.exit\\(7\\) ${STAYS}\n    at .*cell \\d+:1:`));
});

test('signals that end nothing are sent as they are', async () => {
  const ran = await run('console.log(process.kill(process.pid, 0));');
  assert.equal(textOf(ran.outputs), 'true\n');
});
