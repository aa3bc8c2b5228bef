import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type KernelDriver, openDriver } from './kernelDriver';

let driver: KernelDriver;
before(async () => {
  driver = openDriver();
  await driver.call('start', { id: 'a', cwd: driver.bare });
});
after(() => driver.close());

/** Sent at once although the loop that follows never lets the event loop turn. */
const GO = "process.stdout.write('go'.padEnd(300_000) + '\\n');";

const LOOPS: Record<string, string> = {
  'before any await': `${GO} while (true);`,
  'after an await': `await new Promise((r) => setTimeout(r, 5)); ${GO} while (true);`,
  'after an await, in a function that is not awaited': `(async () => { await 0; ${GO} while (true); })(); 5`,
  'of awaits alone': `${GO} for (;;) await 0;`,
  'of promises, in the background': `const again = (): Promise<void> => Promise.resolve().then(again); ${GO} void again(); await new Promise(() => {});`,
  'in a timer': `setTimeout(() => { ${GO} while (true); }, 5); await new Promise(() => {});`,
  'of ticks': `const tick = () => process.nextTick(tick); ${GO} tick(); await new Promise(() => {});`,
  'of calls into Node': `await 0; ${GO} const fs = require('node:fs'); for (;;) fs.existsSync('/');`,
  'in a regular expression': `await 0; ${GO} /^(a+)+$/.test('a'.repeat(60) + 'b');`,
  'in a value that is shown': `({ [Symbol.for('nodejs.util.inspect.custom')]() { ${GO} while (true); } })`,
};

for (const [name, code] of Object.entries(LOOPS))
  test(`Stop ends a loop without end ${name}`, async () => {
    const started = await driver.run('a', `let kept = 20;\n${code}`, { interrupt_on: 'go', timeout: 120 });
    assert.equal(started.reply.status, 'error', JSON.stringify(started.outputs).slice(0, 2000));
    assert.equal(started.outputs.at(-1)?.ename, 'Interrupted');
    const { outputs } = await driver.run('a', 'await new Promise((r) => setTimeout(r, 5)); kept + 22', {
      timeout: 120,
    });
    assert.equal(outputs[0]?.data?.['text/plain'], '42', JSON.stringify(outputs));
  });

test('Stop ends what a timer does as its cell ends', async () => {
  const code = `${GO} setTimeout(() => { while (true); }, 0); 1`; // what the timer wrote might wait for the event loop
  await driver.run('a', code, { interrupt_on: 'go', timeout: 120 });
  assert.equal((await driver.run('a', 'kept + 22', { timeout: 120 })).outputs[0].data?.['text/plain'], '42');
});

test('a listener of the signal hears it, and the signal goes on to stop loops', async () => {
  const listening = "let heard = 0; process.on('SIGINT', () => heard++); await new Promise(() => {})";
  await driver.run('a', `console.log('go'); ${listening}`, { interrupt_on: 'go', timeout: 120 });
  const loop = await driver.run('a', `await 0; ${GO} while (true);`, { interrupt_on: 'go', timeout: 120 });
  assert.equal(loop.reply.status, 'error');
  assert.equal((await driver.run('a', 'heard > 0')).outputs[0].data?.['text/plain'], 'true');
});
