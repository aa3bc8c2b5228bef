import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type KernelDriver, openDriver, type Ran } from './kernelDriver';

// What front ends other than JupyterLab send, as their source has it: VS Code's notebooks and `jupyter console`.

let driver: KernelDriver;

before(async () => {
  driver = openDriver();
  await driver.call('start', { id: 'a', cwd: driver.bare });
});
after(() => driver.close());

interface Answered {
  reply: Record<string, unknown>;
  published: { type: string; execution_state?: string }[];
}
const message = (type: string, content: object, channel = 'shell') =>
  driver.call<Answered>('message', { id: 'a', type, content, channel });
const run: KernelDriver['run'] = (id, code, options) => driver.run(id, code, options);
const resultOf = ({ outputs }: Ran) =>
  outputs.find(({ type }) => type === 'execute_result')?.data?.['text/plain'];

describe("VS Code's notebooks", () => {
  test('hear of the kernel on both channels', async () => {
    for (const channel of ['shell', 'control']) {
      const { reply, published } = await message('kernel_info_request', {}, channel);
      assert.deepEqual(
        [reply.type, reply.status, reply.implementation],
        ['kernel_info_reply', 'ok', 'pathkernel'],
      );
      assert.equal((reply.language_info as { name: string }).name, 'typescript');
      assert.deepEqual(
        published.map(({ execution_state }) => execution_state),
        ['busy', 'idle'],
      );
    }
  });

  test('interrupt by message, in the middle of a cell and between two', async () => {
    const code = "let kept = 5;\nconsole.log('go');\nawait new Promise(() => {});";
    const { outputs, reply } = await run('a', code, { interrupt_on: 'go', by_message: true });
    assert.equal(reply.status, 'error');
    assert.equal(outputs.at(-1)?.ename, 'Interrupted');
    assert.equal(resultOf(await run('a', 'kept')), '5');
    const between = await message('interrupt_request', {}, 'control');
    assert.deepEqual(between.reply, { type: 'interrupt_reply', status: 'ok' });
    assert.equal(resultOf(await run('a', 'kept + 1')), '6');
  });

  test('run code that leaves no trace', async () => {
    const { reply: first } = await run('a', '1');
    const silent = await run('a', "var hidden = 3; console.log('words'); hidden", { silent: true });
    assert.deepEqual([silent.outputs, silent.input, silent.reply.status], [[], undefined, 'ok']);
    const failing = await run('a', "throw new Error('unseen')", { silent: true });
    assert.deepEqual([failing.outputs, failing.reply.status], [[], 'error']);
    const unstored = await run('a', 'hidden', { store_history: false });
    assert.equal(resultOf(unstored), '3');
    const { reply: last } = await run('a', "'stored'");
    assert.equal(last.execution_count, Number(first.execution_count) + 1);
    const { reply } = await message('history_request', {
      hist_access_type: 'tail',
      n: 2,
      raw: true,
      output: false,
    });
    assert.deepEqual(reply.history, [
      [1, first.execution_count, '1'],
      [1, last.execution_count, "'stored'"],
    ]);
  });

  test('have expressions evaluated once a cell has run', async () => {
    const { reply, outputs } = await run('a', 'const base = 20;', {
      user_expressions: {
        sum: 'base + 1',
        rows: '[{ a: 1 }]',
        nothing: 'void 0',
        wrong: 'missing',
        thrown: "(() => { console.log('unseen'); throw new RangeError('meant'); })()",
      },
    });
    const { sum, rows, nothing, wrong, thrown } = (
      reply as unknown as { user_expressions: Record<string, Record<string, unknown>> }
    ).user_expressions;
    assert.deepEqual(sum, { status: 'ok', data: { 'text/plain': '21' }, metadata: {} });
    assert.match(String((rows.data as Record<string, string>)['text/html']), /<table/);
    assert.deepEqual(nothing.data, { 'text/plain': 'undefined' });
    assert.deepEqual([wrong.status, wrong.ename], ['error', 'TypeScriptError']);
    assert.deepEqual([thrown.ename, thrown.evalue], ['RangeError', 'meant']);
    assert.deepEqual(outputs, []);
    const failed = await run('a', 'throw 1;', { user_expressions: { sum: 'base' } });
    assert.ok(!('user_expressions' in failed.reply));
  });

  test('go on after an error where they say so', async () => {
    const codes = ['throw 1;', '2'];
    const went = await driver.call<Ran[]>('run_all', { id: 'a', codes, stop_on_error: false });
    assert.deepEqual(
      went.map(({ reply }) => reply.status),
      ['error', 'ok'],
    );
    const stopped = await driver.call<Ran[]>('run_all', { id: 'a', codes, stop_on_error: true });
    assert.deepEqual(
      stopped.map(({ reply }) => reply.status),
      ['error', 'aborted'],
    );
  });

  test('are told that there is no debugger, whatever they ask of it', async () => {
    for (const [seq, command] of ['debugInfo', 'initialize', 'attach', 'dumpCell'].entries()) {
      const { reply } = await message(
        'debug_request',
        { type: 'request', seq, command, arguments: {} },
        'control',
      );
      assert.deepEqual(
        [reply.type, reply.success, reply.request_seq, reply.command],
        ['debug_reply', false, seq, command],
      );
    }
  });

  test('restart the kernel', async () => {
    await driver.call('start', { id: 'b', cwd: driver.bare });
    const content = { restart: true };
    const { reply } = await driver.call<Answered>('message', {
      id: 'b',
      type: 'shutdown_request',
      content,
      channel: 'control',
    });
    assert.deepEqual(reply, { type: 'shutdown_reply', status: 'ok', restart: true });
    const { seconds } = await driver.call<{ seconds: number }>('stop', { id: 'b' });
    assert.ok(seconds < 5, `still there ${seconds} s after the shutdown`);
  });
});

describe('jupyter console', () => {
  test('offers what was run before, with and without outputs', async () => {
    const { reply: ran } = await run('a', "'in the console'");
    const ask = (content: object) => message('history_request', { raw: true, output: false, ...content });
    const tail = await ask({ hist_access_type: 'tail', n: 1 });
    assert.deepEqual(tail.reply.history, [[1, ran.execution_count, "'in the console'"]]);
    const withOutput = await ask({ hist_access_type: 'tail', n: 1, output: true });
    assert.deepEqual(withOutput.reply.history, [[1, ran.execution_count, ["'in the console'", null]]]);
    const search = await ask({ hist_access_type: 'search', pattern: "'in the [a-d]*", unique: true, n: 5 });
    assert.equal((search.reply.history as unknown[]).length, 1);
    const range = await ask({
      hist_access_type: 'range',
      session: 0,
      start: ran.execution_count,
      stop: null,
    });
    assert.equal((range.reply.history as unknown[]).length, 1);
    const earlier = await ask({ hist_access_type: 'range', session: -1, start: 0, stop: 10 });
    assert.deepEqual(earlier.reply.history, []);
  });

  test('asks whether a line is the last', async () => {
    const ask = async (code: string) => (await message('is_complete_request', { code })).reply;
    assert.deepEqual(await ask('const a = 1;'), { type: 'is_complete_reply', status: 'complete' });
    assert.deepEqual(await ask('for (;;) {'), {
      type: 'is_complete_reply',
      status: 'incomplete',
      indent: '  ',
    });
    assert.deepEqual(await ask('const = 3'), { type: 'is_complete_reply', status: 'invalid' });
  });

  test('completes and inspects at the cursor, in the middle of a line too', async () => {
    const code = "const point = { x: 1, left: 2 };\nconst 名 = '😀' + point.le + point.x;";
    const start = [...code.slice(0, code.indexOf('le +'))].length; // in characters, of which an emoji is one
    const { reply } = await message('complete_request', { code, cursor_pos: start + 1 });
    assert.deepEqual(reply.matches, ['left']);
    assert.deepEqual([reply.cursor_start, reply.cursor_end], [start, start + 2]);
    const known = await message('inspect_request', {
      code,
      cursor_pos: start - 3,
      detail_level: 0,
    });
    assert.equal(known.reply.found, true);
    const unknown = await message('inspect_request', { code: '', cursor_pos: 0, detail_level: 1 });
    assert.deepEqual([unknown.reply.status, unknown.reply.found], ['ok', false]);
    const outside = await message('complete_request', { code: 'po', cursor_pos: 99 });
    assert.equal(outside.reply.status, 'ok');
  });

  test('hears the heart beat while a cell waits', async () => {
    assert.equal(
      await driver.call('beats', { id: 'a', code: 'await new Promise((r) => setTimeout(r, 3000));' }),
      true,
    );
  });
});
