import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { type KernelDriver, openDriver } from './kernelDriver';

let driver: KernelDriver;
before(async () => {
  driver = openDriver();
  await driver.call('start', { id: 'a', cwd: driver.folder });
  await driver.run('a', "import { show, table } from 'pathkernel/notebook';");
});
after(() => driver.close());

const TRAPS = ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor'];
const FAIL = "(() => { throw new RangeError('odd'); })";
const INSPECT = "[Symbol.for('nodejs.util.inspect.custom')]";

/** TypeScript for values without parts. */
const simple = fc.oneof(
  fc.constantFrom(
    'undefined',
    'null',
    'NaN',
    '-0',
    '1e400',
    '2n ** 200n',
    '-3n',
    'true',
    "Symbol('s')",
    '/a/g',
  ),
  fc.constantFrom(
    "'😀'.slice(0, 1)",
    "'\\ud800\\u0000\\u001b'",
    "'x'.repeat(3e6)",
    "'<b>&'",
    "'line\\n'.repeat(1e4)",
  ),
  fc.constantFrom(
    'new Date(NaN)',
    'new Date(8.64e15)',
    'new Float32Array(1e5)',
    'new ArrayBuffer(8)',
    '[,,1]',
  ),
  fc.constantFrom(
    'Array(2 ** 32 - 1)',
    'new Map([[{}, 1n]])',
    'new Set([NaN])',
    'Promise.resolve(1n)',
    'new WeakMap()',
  ),
  fc.constantFrom(
    'class A { static x = 1 }',
    'function* () {}',
    '() => 1',
    'Object.create(null)',
    'globalThis',
    'process',
  ),
  fc
    .constantFrom('{ const p = Proxy.revocable({}, {}); p.revoke(); return p.proxy; }')
    .map((body) => `(() => ${body})()`),
  fc.double().map(String),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
);

/** Objects around values, many of which throw where they are looked at. */
const value = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    simple,
    fc.array(tie('value'), { maxLength: 3 }).map((all) => `[${all.join(', ')}]`),
    fc
      .tuple(
        fc.constantFrom('a', 'data', 'rows', 'columns', 'layout', 'stack', 'cause', 'type'),
        tie('value'),
      )
      .map(([key, one]) => `({ ${key}: ${one} })`),
    tie('value').map((one) => `({ data: [{ type: 'bar', y: [${one}] }], layout: { title: ${one} } })`),
    tie('value').map((one) => `[{ a: ${one}, b: 1n }, { a: 2 }]`),
    tie('value').map(
      (one) => `(() => { const o: any = { v: ${one} }; o.self = o; o.list = [o]; return o; })()`,
    ),
    tie('value').map((one) => `Object.assign(new Error('e'), { cause: ${one}, name: ${one} })`),
    tie('value').map((one) => `({ get a() { throw ${one}; } })`),
    tie('value').map(
      (one) =>
        `({ toString() { throw ${one}; }, toJSON() { throw ${one}; }, ${INSPECT}() { return ${one}; } })`,
    ),
    tie('value').map((one) => `({ ${INSPECT}() { throw ${one}; } })`),
    fc
      .tuple(tie('value'), fc.constantFrom(...TRAPS))
      .map(([one, trap]) => `new Proxy(Object(${one}), { ${trap}: ${FAIL} })`),
    tie('value').map((one) => `Object.defineProperty(new Error(), 'message', { get() { throw ${one}; } })`),
  ),
})).value;

const cell = fc.oneof(
  value.map((one) => `(${one}) as any`),
  value.map((one) => `show((${one}) as any)`),
  value.map((one) => `table((${one}) as any)`),
  value.map((one) => `console.log((${one}) as any)`),
  value.map((one) => `throw (${one}) as any`),
  value.map((one) => `await Promise.reject((${one}) as any)`),
  value.map((one) => `void Promise.reject((${one}) as any); 1`),
  value.map(
    (one) => `setTimeout(() => { throw (${one}) as any; }); await new Promise((r) => setTimeout(r, 5))`,
  ),
  value.map((one) => `process.stdout.write((${one}) as any)`),
  value.map(
    (one) =>
      `await (async () => { for (let i = 0; i < 3; i++) { show(i); await null; } return (${one}) as any; })()`,
  ),
  fc.string({ maxLength: 40 }).filter((text) => !/while|for/.test(text)),
  fc
    .array(
      fc.constantFrom('const', '{', '}', '(', ')', 'x', '=', '`', '/', "'", '=>', 'await', 'class', '\n'),
      { maxLength: 12 },
    )
    .map((words) => words.join(' ')),
);

test('no cell leaves the kernel without an answer', async () => {
  await fc.assert(
    fc.asyncProperty(cell, async (code) => {
      const { reply, outputs } = await driver.run('a', code, { timeout: 60 });
      assert.ok(reply.status === 'ok' || outputs.some(({ type }) => type === 'error'), code);
      assert.doesNotMatch(JSON.stringify(outputs).replaceAll('\\\\', ''), /\\ud[89a-f]/);
    }),
  );
  const { outputs } = await driver.run('a', '20 + 22', { timeout: 60 });
  assert.equal(outputs.at(-1)?.data?.['text/plain'], '42');
});
