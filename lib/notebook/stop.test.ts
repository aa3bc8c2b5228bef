import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type KernelDriver, type Output, openDriver, type Ran } from './kernelDriver';

let driver: KernelDriver;

/** A piece of library work, steps of a few milliseconds until it is stopped, and how often it has begun, by name. */
const HELPERS = `import { interruptible } from 'pathkernel/base';
const begun: Record<string, number> = {};
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const work = (name: string, steps = 2) => interruptible(async (signal) => {
  begun[name] = (begun[name] ?? 0) + 1;
  for (let i = 0; i < steps && !signal.aborted; i++) await sleep(2);
});`;

before(async () => {
  driver = openDriver();
  await driver.call('start', { id: 'a', cwd: driver.folder });
  const { reply } = await run(HELPERS);
  assert.equal(reply.status, 'ok');
});
after(() => driver.close());

const run = (code: string, options = {}) => driver.run('a', code, options);
const stopped = (code: string, options = {}) => run(code, { interrupt_on: 'go', ...options });
const late = (seconds = 0.6) => driver.call<Output[]>('late', { id: 'a', seconds });
const textOf = (outputs: Output[]) => outputs.map(({ text = '' }) => text).join('');
const written = ({ outputs }: Ran, to: string) => outputs.filter(({ name }) => name === to);
const resultOf = ({ outputs }: Ran) =>
  outputs.find(({ type }) => type === 'execute_result')?.data?.['text/plain'];
const errorOf = ({ outputs }: Ran) => outputs.find(({ type }) => type === 'error')?.ename;
/**
 * What a cell that was given up says on stderr, as soon as a busy machine comes to it, and some seconds longer. Its code may go on
 * before its end is told: the first word may be among its outputs.
 */
const saidOnStderr = async (ran: Ran, seconds = 0.6) => {
  const said = written(ran, 'stderr');
  for (let i = 0; i < 10 && said.length === 0; i++) said.push(...(await late()));
  said.push(...(await late(seconds)));
  for (const { parent = ran.id } of said) assert.equal(parent, ran.id);
  return textOf(said);
};
const NOTE = /^Code of cell \d+ went on after the cell was stopped: [^\n]*\n$/;

describe('a cell that is stopped begins no more work of the library', () => {
  /** Code that waits 400 ms before each piece of work. */
  const kinds = {
    counted: 'for (let i = 0; i < 10; i++) { await sleep(400); await work(name); }',
    endless: 'while (true) { await sleep(400); await work(name); }',
    caught: 'while (true) { await sleep(400); try { await work(name); } catch {} }',
    caughtAtOnce: 'await sleep(400); while (true) { try { await work(name); } catch {} }',
    several:
      'await Promise.all([1, 2, 3].map(async () => { for (;;) { await sleep(400); await work(name); } }));',
    settled: 'for (;;) { await sleep(400); await Promise.allSettled([work(name), work(name)]); }',
    forAwait:
      'async function* steps() { for (;;) { await sleep(200); yield 1; } }\nfor await (const _ of steps()) { await sleep(200); await work(name); }',
    generator:
      'async function* works() { for (;;) { await sleep(400); yield work(name); } }\nfor await (const _ of works());',
    recursion:
      'const again = async (): Promise<void> => { await sleep(400); await work(name); return again(); };\nawait again();',
    timer: 'setInterval(() => work(name).catch(() => {}), 400); await new Promise(() => {});',
    timerUncaught: 'setInterval(() => work(name), 400); await new Promise(() => {});',
    callbacks:
      'const next = () => void setTimeout(() => work(name).then(next, next), 400);\nnext(); await new Promise(() => {});',
    queue:
      'let chain = Promise.resolve(); for (let i = 0; i < 9; i++) chain = chain.then(() => sleep(400)).then(() => work(name)); await chain;',
    finally: 'for (;;) { try { await sleep(400); } finally { await work(name); } }',
    emitter:
      "const { EventEmitter } = await import('node:events'); const events = new EventEmitter(); events.on('next', async () => { await sleep(400); await work(name).catch(() => {}); events.emit('next'); }); events.emit('next'); await new Promise(() => {});",
  };

  test('whatever way it comes to it', async () => {
    const functions = Object.entries(kinds).map(
      ([name, code]) => `async () => { const name = '${name}'; ${code} }`,
    );
    const all = `await Promise.all([\n${functions.join(',\n')}\n].map((kind) => kind()));`;
    const ran = await stopped(`console.log('go');\n${all}`);
    assert.equal(errorOf(ran), 'Interrupted');
    assert.equal(ran.reply.status, 'error');
    const counts = resultOf(await run('JSON.stringify(begun)'));
    assert.match(await saidOnStderr(ran, 4), NOTE);
    assert.equal(resultOf(await run('JSON.stringify(begun)')), counts);
    assert.equal(resultOf(await run("await work('next'); begun.next")), '1');
  });

  test('where work was under way: it ends with what it has, and the loop with it', async () => {
    const ran = await stopped(
      "for (;;) { console.log('go'); await work('long', 1e6); console.log('ended'); }",
    );
    assert.equal(errorOf(ran), 'Interrupted');
    assert.equal(textOf(ran.outputs), 'go\nended\ngo\n');
    assert.equal(resultOf(await run('begun.long')), '1');
    assert.deepEqual(await late(), []);
  });

  test('where every piece is caught: at the second refusal the cell is given up', async () => {
    const ran = await stopped(
      "for (;;) { console.log('go'); try { await work('caught', 1e6); } catch { console.log('caught'); } }",
    );
    assert.equal(errorOf(ran), 'Interrupted');
    assert.equal(textOf(written(ran, 'stdout')), 'go\ngo\ncaught\ngo\n');
    assert.match(await saidOnStderr(ran), NOTE);
  });

  test('after its end, where it was left to itself', async () => {
    const ran = await run("void (async () => { for (;;) { await sleep(100); await work('left'); } })();");
    await driver.call('interrupt', { id: 'a' });
    assert.match(await saidOnStderr(ran), NOTE);
    const before = resultOf(await run('begun.left'));
    await late(0.3);
    assert.equal(resultOf(await run('begun.left')), before);
  });
});

describe('a cell that is given up', () => {
  test('is cut off from its output, text and displays, which is said once', async () => {
    const code = `import { show } from 'pathkernel/notebook';
console.log('go');
for (let i = 0; i < 100; i++) { await sleep(100); if (i > 3) { console.log(i); console.error(i); show([{ i }]); } }`;
    const ran = await stopped(code);
    assert.equal(errorOf(ran), 'Interrupted');
    assert.match(await saidOnStderr(ran), NOTE);
    const next = await run("await sleep(300); console.log('mine');");
    assert.deepEqual(textOf(next.outputs), 'mine\n');
  });

  test('ends where it next waits, also in a module of its own, and tidies up', async () => {
    writeFileSync(
      join(driver.folder, 'looping.ts'),
      'export async function looping(step: () => Promise<void>, done: () => void) { try { for (;;) await step(); } finally { done(); } }\n',
    );
    const code = `import { looping } from './looping';
const turns = { loop: 0, forAwait: 0, module: 0, caught: 0, tidied: 0 };
async function* steps() { for (;;) yield await new Promise<void>((resolve) => setTimeout(resolve, 50)); }
console.log('go');
await Promise.all([
  (async () => { for (;;) { await sleep(50); turns.loop++; } })(),
  (async () => { for await (const _ of steps()) turns.forAwait++; })(),
  (async () => { for (;;) { try { await sleep(50); turns.caught++; } catch {} } })(),
  looping(async () => { await sleep(50); turns.module++; }, () => { turns.tidied++; }),
]);`;
    const ran = await stopped(code);
    assert.equal(errorOf(ran), 'Interrupted');
    assert.match(await saidOnStderr(ran), NOTE);
    const counts = resultOf(await run('JSON.stringify(turns)'));
    assert.match(String(counts), /"tidied":1/);
    await late(0.3);
    assert.equal(resultOf(await run('JSON.stringify(turns)')), counts);
  });

  test('leaves no word of what then fails in it', async () => {
    const ran = await stopped(
      "console.log('go'); setTimeout(() => { throw new Error('late'); }, 600); await new Promise(() => {});",
    );
    assert.equal(errorOf(ran), 'Interrupted');
    assert.deepEqual(await late(1), []);
  });

  test('computes nothing more, with the library or with TensorFlow', async () => {
    const setting = "import { tf, synthetic } from 'pathkernel';\nlet computed = 0; tf.scalar(1).dataSync();";
    assert.equal((await run(setting)).reply.status, 'ok');
    const loop = "for (;;) { console.log('go'); await sleep(400); tf.tidy(() => tf.add(1, 1)); computed++; }";
    const ran = await stopped(loop);
    assert.equal(errorOf(ran), 'Interrupted');
    assert.match(await saidOnStderr(ran), NOTE);
    assert.equal(resultOf(await run('tf.tidy(() => tf.add(computed, 1).dataSync()[0])')), '1');
  });
});

describe('what comes late', () => {
  test('goes to the cell that wrote it, also while another runs', async () => {
    const first = await run(
      "import { show } from 'pathkernel/notebook';\nsetTimeout(() => { console.log('late'); show([{ a: 1 }]); }, 300);",
    );
    const second = await run("await sleep(600); console.log('mine');");
    assert.equal(textOf(second.outputs), 'mine\n');
    const [text, shown, ...more] = await late(0.1);
    assert.deepEqual(
      [text.text, text.parent, shown.type, shown.parent],
      ['late\n', first.id, 'display_data', first.id],
    );
    assert.deepEqual(more, []);
  });

  test('fails no other cell', async () => {
    const first = await run(
      "setTimeout(() => { throw new Error('thrown'); }, 200); setTimeout(() => void Promise.reject(new Error('rejected')), 250);",
    );
    const second = await run("await sleep(500); 'fine'");
    assert.deepEqual([second.reply.status, resultOf(second)], ['ok', 'fine']);
    const outputs = await late(0.1);
    assert.match(textOf(outputs), /Error: thrown\n(.|\n)*Error: rejected\n/);
    for (const { parent, name } of outputs) assert.deepEqual([parent, name], [first.id, 'stderr']);
  });
});
