import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type KernelDriver, openDriver, type Ran } from './kernelDriver';

let driver: KernelDriver;
before(async () => {
  driver = openDriver();
  await driver.call('start', { id: 'a', cwd: driver.folder });
});
after(() => driver.close());

const run = (code: string) => driver.run('a', code, { timeout: 120 });

/** The text of a cell's result, or of its error. */
function answerOf({ outputs }: Ran): string {
  const last = outputs.at(-1);
  return last?.type === 'error' ? `${last.traceback?.join('\n')}` : String(last?.data?.['text/plain']);
}

test('a value that cannot be shown or sent is answered with text, and the next cell runs', async () => {
  const cells: [code: string, answer: RegExp][] = [
    ["[{ method: 'dense', paths: { count: 12n } }]", /\{"count":12\}/],
    ["const circ: any = { name: 'c' }; circ.self = circ; [circ]", /"\[cycle\]"/],
    ["({ data: [{ type: 'scatter', y: [1n, 2n ** 70n] }], layout: {} })", /Figure: 1 series/],
    [
      "({ [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('mine'); } })",
      /cannot be shown: mine/,
    ],
    ['[{ when: new Date(NaN) }]', /Invalid Date/],
    ['const r = Proxy.revocable({}, {}); r.revoke(); r.proxy', /Revoked/],
    ['({ get data() { throw 1; } })', /\[Getter\]/],
    ['throw new Proxy({}, { get() { throw 1; }, has() { throw 2; } })', /Thrown value/],
    ["const e: any = new Error('round'); e.cause = e; throw e", /the same error again/],
    ["'x'.repeat(40_000_000)", /39,900,000 more characters/],
  ];
  for (const [code, answer] of cells) {
    const ran = await run(code);
    assert.match(answerOf(ran), answer, code);
    assert.equal(ran.reply.status, ran.outputs.at(-1)?.type === 'error' ? 'error' : 'ok');
  }
  const [figure] = (await run("({ data: [{ type: 'bar', y: [1n, 2n] }] })")).outputs;
  assert.deepEqual(figure.data?.['application/vnd.plotly.v1+json'], {
    data: [{ type: 'bar', y: [1, 2] }],
    layout: {},
    config: {},
  });
  assert.equal(answerOf(await run('20 + 22')), '42');
});

test('everything that is sent is well-formed text, and bytes written one by one are characters', async () => {
  const half = "'😀'.slice(0, 1)";
  const cells = [
    `console.log(${half}); ${half}`,
    `[{ [${half}]: ${half} }]`,
    `throw new Error(${half})`,
    `({ data: [{ type: 'bar', name: ${half}, y: [1] }], layout: { title: { text: ${half} } } })`,
  ];
  for (const code of cells) {
    const { outputs } = await run(code);
    assert.doesNotMatch(JSON.stringify(outputs), /\\ud[89a-f]/, code);
    assert.match(JSON.stringify(outputs), /\ufffd/, code);
  }
  const bytes = "for (const byte of Buffer.from('é€😀')) process.stdout.write(Uint8Array.of(byte));";
  const encoded = "process.stdout.write('c3a9', 'hex'); process.stdout.write('4oKs', 'base64');";
  const [{ text }] = (await run(`${bytes}\n${encoded}`)).outputs;
  assert.equal(text, 'é€😀é€');
});
