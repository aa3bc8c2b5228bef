import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type KernelDriver, type Output, openDriver, type Ran } from './kernelDriver';

/** A package the notebooks import, whose files the tests edit. */
const PACKAGE = {
  'package.json': '{ "name": "edited", "main": "index.ts", "types": "index.ts" }',
  'index.ts': "export * from './deep';\nexport * from './shape';\n",
  'deep.ts': `
interface Depth {
  value: number;
}

export function fail({ value }: Depth): never {
  throw new RangeError(\`depth \${value}\`, { cause: new Error('too deep') });
}
`,
  'shape.ts':
    "import { unit } from './unit';\nexport const area = (side: number): number => side * side * unit();\n",
  'unit.ts': 'export const unit = () => 1;\n',
};

let driver: KernelDriver;
let edited: string;

before(async () => {
  driver = openDriver();
  edited = join(dirname(driver.folder), 'edited');
  mkdirSync(edited);
  for (const [name, text] of Object.entries(PACKAGE)) writeFileSync(join(edited, name), text);
  symlinkSync(edited, join(dirname(driver.folder), 'node_modules', 'edited'));
  await driver.call('start', { id: 'a', cwd: driver.folder });
});
after(() => driver.close());

const run: KernelDriver['run'] = (id, code, options) => driver.run(id, code, options);
const textOf = ({ outputs }: Ran) => outputs.map(({ text = '' }) => text).join('');
const resultOf = ({ outputs }: Ran) =>
  outputs.find(({ type }) => type === 'execute_result')?.data?.['text/plain'];

function errorOf({ outputs }: Ran): Required<Pick<Output, 'ename' | 'evalue' | 'traceback'>> {
  const { ename, evalue, traceback } = outputs.find(({ type }) => type === 'error') ?? {};
  assert.ok(
    ename !== undefined && evalue !== undefined && traceback,
    `no error among ${JSON.stringify(outputs)}`,
  );
  return { ename, evalue, traceback };
}

describe('a kernel', () => {
  test('echoes each cell with its count and gives the value of its last expression', async () => {
    const first = await run('a', 'let a: number = 20;\na + 1');
    assert.equal(resultOf(first), '21');
    assert.deepEqual(first.input, { code: 'let a: number = 20;\na + 1', execution_count: 1 });
    const second = await run('a', 'a + 2');
    assert.equal(second.input?.execution_count, 2);
    assert.equal(second.reply.execution_count, 2);
  });

  test('neither echoes nor counts a silent cell', async () => {
    const { input, outputs } = await run('a', 'console.log(a)', { silent: true });
    assert.deepEqual([input, outputs], [undefined, []]);
    assert.equal((await run('a', '1')).reply.execution_count, 3);
  });

  test('traces an error to the line the user typed, in the cell that defined the function', async () => {
    const code = `interface Foo {
  x: number;
}

// types and comments vanish from what is run
function boom(q: Foo): number {
  if (q.x > 2)
    throw new Error('too big');
  return q.x;
}`;
    const defined = await run('a', code);
    const { ename, evalue, traceback } = errorOf(
      await run('a', 'await Promise.resolve();\n\n  boom({ x: 3 });'),
    );
    assert.deepEqual([ename, evalue], ['Error', 'too big']);
    const [at, then] = [defined.reply.execution_count, Number(defined.reply.execution_count) + 1];
    assert.deepEqual(traceback.slice(0, 3), [
      'Error: too big',
      `    at boom (cell ${at}:8:11)`,
      `    at cell ${then}:3:3`,
    ]);
    assert.match(traceback.join('\n'), /> {2}8 \| {5}throw new Error\('too big'\);/);
  });

  test('traces an error into TypeScript of a library, with its cause and nothing of the kernel', async () => {
    const { ename, traceback } = errorOf(
      await run('a', "import { fail } from 'edited';\nfail({ value: 3 });"),
    );
    const text = traceback.join('\n');
    assert.equal(ename, 'RangeError');
    assert.match(text, /at fail \(.*edited\/deep\.ts:7:9\)\n {4}at cell \d+:2:\d\n/);
    assert.match(text, /Caused by: Error: too deep\n {4}at fail \(.*edited\/deep\.ts:7:\d+\)/);
    assert.doesNotMatch(text, /tslab|node:|kernel\/|evalmachine|tsx/);
  });

  test('names nothing but the cell where only that is at work', async () => {
    for (const code of ["throw new Error('meant');", "await 1;\nthrow new Error('meant');"]) {
      const { traceback } = errorOf(await run('a', code));
      assert.deepEqual(
        traceback.filter((line) => line.startsWith('    at ') && !line.startsWith('    at cell')),
        [],
      );
    }
  });

  test('reports a type error as an error at the place the user typed it', async () => {
    const { ename, evalue, traceback } = errorOf(await run('a', 'const fine = 1;\nconst s: string = 5;'));
    assert.equal(ename, 'TypeScriptError');
    assert.equal(evalue, "Type 'number' is not assignable to type 'string'.");
    assert.match(traceback[0], /cell \d+:2:7 - Type 'number'/);
  });

  test('reports whatever is thrown, be it no error at all', async () => {
    assert.equal(errorOf(await run('a', "throw 'words';")).evalue, 'words');
    assert.equal(errorOf(await run('a', 'throw undefined;')).evalue, 'undefined');
    assert.equal(errorOf(await run('a', 'throw null;')).evalue, 'null');
  });

  test('keeps the variables of a cell that failed', async () => {
    errorOf(await run('a', "let kept = 41;\nthrow new Error('after');"));
    assert.equal(resultOf(await run('a', 'kept + 1')), '42');
  });

  test('fails a cell that leaves a rejected promise to nobody, and not one that handles it late', async () => {
    const { traceback, evalue } = errorOf(await run('a', "void Promise.reject(new Error('nobody'));"));
    assert.equal(evalue, 'nobody');
    assert.equal(traceback[0], 'A promise was rejected and nothing awaited it:');
    const late = await run(
      'a',
      `const p = Promise.reject(new Error('late'));
await new Promise((r) => setTimeout(r, 20));
await p.catch((e) => e.message)`,
    );
    assert.equal(late.reply.status, 'ok');
  });

  test('ends a cell whose callback throws while it waits', async () => {
    const { evalue } = errorOf(
      await run('a', "setTimeout(() => { throw new Error('in timer'); }, 10);\nawait new Promise(() => {});"),
    );
    assert.equal(evalue, 'in timer');
  });

  test('drops the cells behind a failed one, or runs them where the front end says so', async () => {
    const codes = ["throw new Error('first');", '1', '2'];
    const stopped = await driver.call<Ran[]>('run_all', { id: 'a', codes });
    assert.deepEqual(
      stopped.map(({ reply }) => reply.status),
      ['error', 'aborted', 'aborted'],
    );
    assert.ok(stopped.slice(1).every(({ reply }) => !('execution_count' in reply)));
    const ran = await driver.call<Ran[]>('run_all', { id: 'a', codes, stop_on_error: false });
    assert.deepEqual(
      ran.map(({ reply }) => reply.status),
      ['error', 'ok', 'ok'],
    );
    assert.deepEqual(ran.slice(1).map(resultOf), ['1', '2']);
    assert.equal((await run('a', '3')).reply.status, 'ok');
  });

  test('drops cells that were sent while a blocking one ran', async () => {
    const codes = ['const until = Date.now() + 300; while (Date.now() < until); throw 1;', '1', '2'];
    const ran = await driver.call<Ran[]>('run_all', { id: 'a', codes });
    assert.deepEqual(
      ran.map(({ reply }) => reply.status),
      ['error', 'aborted', 'aborted'],
    );
  });
});

describe('an interrupt', () => {
  const LOOP = `let steps = 0;
const history = await interruptible(async (signal) => {
  console.log('go');
  while (!signal.aborted) { steps++; await new Promise((r) => setTimeout(r, 5)); }
  return steps;
});`;

  test('stops library work at its next step and keeps what it has', async () => {
    await run('a', "import { interruptible } from 'pathkernel/base';");
    const stopped = await run('a', `${LOOP}\nconsole.log('stopped');`, { interrupt_on: 'go' });
    assert.equal(stopped.reply.status, 'ok');
    assert.match(textOf(stopped), /stopped/);
    assert.equal(resultOf(await run('a', 'history === steps && steps > 1')), 'true');
  });

  test('gives up a cell that does not listen at the second press', async () => {
    const code =
      "let d = 7;\nawait interruptible(async () => { console.log('go'); await new Promise(() => {}); });";
    const { ename } = errorOf(await run('a', code, { interrupt_on: 'go', presses: 2 }));
    assert.equal(ename, 'Interrupted');
    assert.equal(resultOf(await run('a', 'd')), '7');
  });

  test('gives up a cell of its own code, waiting or not, at the first press', async () => {
    const waiting = await run('a', "let w = 5;\nconsole.log('go');\nawait new Promise(() => {});", {
      interrupt_on: 'go',
    });
    assert.equal(errorOf(waiting).ename, 'Interrupted');
    const blocking = "process.stderr.write('go'.padEnd(300000) + '\\n');\nlet b = 6;\nwhile (true);";
    assert.equal(errorOf(await run('a', blocking, { interrupt_on: 'go' })).ename, 'Interrupted');
    assert.equal(resultOf(await run('a', 'w + b')), '11');
  });
});

describe('an edit of a library', () => {
  const edit = (name: string, text: string) => writeFileSync(join(edited, name), text);

  test('reaches functions that a notebook has imported, through what depends on the file', async () => {
    assert.equal(resultOf(await run('a', "import { area } from 'edited';\narea(3)")), '9');
    edit('unit.ts', 'export const unit = () => 100;\n');
    assert.equal(resultOf(await run('a', 'area(3)')), '900');
  });

  test('reaches the type checker', async () => {
    edit('shape.ts', "export const area = (side: string): string => side + '²';\n");
    assert.equal(errorOf(await run('a', 'area(3)')).ename, 'TypeScriptError');
    assert.equal(resultOf(await run('a', "area('3')")), '3²');
  });

  test('that does not parse keeps the old code and says so', async () => {
    edit('shape.ts', 'export const area = (side: string): string => {{;\n');
    const ran = await run('a', "area('4')");
    assert.match(textOf(ran), /does not load, the code from before the edit stays in use:\n.*shape\.ts:2/s);
    assert.equal(resultOf(ran), '4²');
    edit('shape.ts', "export const area = (side: string): string => side + ' squared';\n");
    const mended = await run('a', "area('5')");
    assert.deepEqual([textOf(mended), resultOf(mended)], ['', '5 squared']);
  });
});

describe('a library', () => {
  /** What earlier cells have imported is still there. */
  const AREA = 'export const area = (side: string): string => side;\n';

  test('with a type error of its own is run as it is: its check is another', async () => {
    writeFileSync(
      join(edited, 'unit.ts'),
      "const wrong: number = 'word';\nexport const unit = () => wrong;\n",
    );
    writeFileSync(join(edited, 'shape.ts'), `export { unit } from './unit';\n${AREA}`);
    assert.equal(resultOf(await run('a', "import { unit } from 'edited';\nunit()")), 'word');
  });

  test('keeps what is on globalThis when it is edited', async () => {
    const counter = (step: number) => `const key = Symbol.for('edited.count');
const state = globalThis as { [key]?: number };
export const count = (): number => (state[key] = (state[key] ?? 0) + ${step});
export { unit } from './unit';
${AREA}`;
    writeFileSync(join(edited, 'shape.ts'), counter(1));
    assert.equal(resultOf(await run('a', "import { count } from 'edited';\ncount()")), '1');
    writeFileSync(join(edited, 'shape.ts'), counter(10));
    assert.equal(resultOf(await run('a', 'count()')), '11');
  });
});

describe('a module beside the notebook', () => {
  test('is used as it is, whatever file it is in, and checked with the cell', async () => {
    const put = (name: string, text: string) => writeFileSync(join(driver.folder, name), text);
    put('inner.ts', 'export const inner = (n: number) => n + 1;\n');
    put(
      'beside.ts',
      "import { inner } from './inner';\nexport const beside = (n: number) => inner(n) * 10;\n",
    );
    assert.equal(resultOf(await run('a', "import { beside } from './beside';\nbeside(3)")), '40');
    put('wrong.ts', "export const wrong: number = 'a word';\n");
    put('outer.ts', "export * from './wrong';\n");
    const { ename, traceback } = errorOf(await run('a', "import { wrong } from './outer';"));
    assert.equal(ename, 'TypeScriptError');
    assert.match(traceback[0], /wrong\.ts:1:14 - Type 'string' is not assignable/);
    assert.equal(resultOf(await run('a', 'beside(4)')), '50');
  });
});

describe('output', () => {
  test('comes in several representations, updated in place', async () => {
    const { outputs } = await run(
      'a',
      `import { progress, show } from 'pathkernel/notebook';
show({ data: [{ type: 'scatter', y: [1, 2] }], layout: { title: { text: 'T' } } });
const bar = progress(2, { label: 'Bar', every: 0 });
bar.step(); bar.step();`,
    );
    const [figure, ...bars] = outputs;
    assert.deepEqual(figure.data, {
      'application/vnd.plotly.v1+json': {
        data: [{ type: 'scatter', y: [1, 2] }],
        layout: { title: { text: 'T' } },
        config: {},
      },
      'text/plain': 'Figure “T”: 1 series',
    });
    assert.deepEqual(
      bars.map(({ type }) => type),
      ['display_data', 'update_display_data', 'update_display_data'],
    );
    assert.equal(new Set(bars.map(({ transient }) => transient?.display_id)).size, 1);
  });

  test('keeps the order of text and displays', async () => {
    const code = "console.log('one'); show([{ a: 1 }]); console.error('two'); console.log('three');";
    const { outputs } = await run('a', code);
    assert.deepEqual(
      outputs.map(({ type, name }) => name ?? type),
      ['stdout', 'display_data', 'stderr', 'stdout'],
    );
  });

  test('is exact beyond ASCII, and completion counts characters', async () => {
    assert.equal(textOf(await run('a', "console.log('Σ 😀 ‖θ‖ 测试');")), 'Σ 😀 ‖θ‖ 测试\n');
    const code = "const 名 = { alpha: 1 }; '😀'; 名.al";
    const reply = await driver.call<{ matches: string[]; cursor_start: number }>('ask', {
      id: 'a',
      kind: 'complete',
      code,
      cursor_pos: [...code].length,
    });
    assert.deepEqual([reply.matches[0], reply.cursor_start], ['alpha', [...code].length - 2]);
  });

  test('of 100,000 lines is bounded: the beginning, the end and how much is missing', async () => {
    const ran = await run('a', "for (let i = 1; i <= 100_000; i++) console.log('line ' + i);");
    const lines = textOf(ran).trimEnd().split('\n');
    assert.equal(lines[0], 'line 1');
    assert.equal(lines.at(-1), 'line 100000');
    assert.ok(lines.length < 11_000, `${lines.length} lines`);
    const note = lines.findIndex((line) => line.includes('left out'));
    const missing = Number(/([\d,]+) lines left out/.exec(lines[note])?.[1].replaceAll(',', ''));
    assert.equal(lines.length - 1 + missing, 100_000);
    assert.equal(ran.reply.status, 'ok');
  });

  test('of 10 MB arrives whole as a figure, and as text its beginning, which says how much is missing', async () => {
    const figure = "show({ data: [{ type: 'scatter', y: Array(1_000_000).fill(0.12345678) }] });";
    const [{ data }] = (await run('a', figure)).outputs;
    assert.ok(JSON.stringify(data).length > 10_000_000);
    const texts = [
      (await run('a', "show('x'.repeat(10_000_000));")).outputs[0].data?.['text/plain'],
      textOf(await run('a', "console.log('y'.repeat(10_000_000));")),
    ];
    for (const text of texts) {
      const [, shown, missing] = /^((?:x+|y+))… \(([\d,]+) more characters\)\n?$/.exec(String(text)) ?? [];
      assert.equal(shown?.length + Number(missing?.replaceAll(',', '')), 10_000_000);
    }
  });

  test('of 200 cells sent at once is all there, in order', async () => {
    const codes = Array.from({ length: 200 }, (_, i) => `const n${i} = ${i}; console.log(n${i});`);
    const ran = await driver.call<Ran[]>('run_all', { id: 'a', codes });
    assert.deepEqual(
      ran.map((one) => Number(textOf(one))),
      codes.map((_, i) => i),
    );
  });

  test('after a cell has ended is not lost', async () => {
    await run('a', "setTimeout(() => { console.log('late words'); throw new Error('late error'); }, 150);");
    const late = await driver.call<Output[]>('late', { id: 'a', seconds: 0.6 });
    const text = late.map((output) => output.text ?? '').join('');
    assert.match(text, /late words\n/);
    assert.match(text, /Error: late error\n {4}at .*cell \d+:1:/);
    assert.equal((await run('a', '1')).reply.status, 'ok');
  });
});

describe('a message tslab does not know', () => {
  interface Answered {
    reply: { type: string; status?: string } & Record<string, unknown>;
    published: { type: string; execution_state?: string; comm_id?: string }[];
  }
  const message = (type: string, content: object, options = {}) =>
    driver.call<Answered>('message', { id: 'a', type, content, ...options });
  const statesOf = ({ published }: Answered) => published.map((one) => one.execution_state ?? one.type);

  test('about the history is answered with the inputs of the session', async () => {
    await run('a', "'first'");
    const { reply: last } = await run('a', "'second'");
    const answered = await message('history_request', { hist_access_type: 'tail', n: 2, raw: true });
    assert.equal(answered.reply.type, 'history_reply');
    assert.deepEqual(answered.reply.history, [
      [1, Number(last.execution_count) - 1, "'first'"],
      [1, last.execution_count, "'second'"],
    ]);
    assert.deepEqual(statesOf(answered), ['busy', 'idle']);
  });

  test('about debuggers or what may yet come is told that there is none', async () => {
    const debug = await message('debug_request', { seq: 3, command: 'debugInfo' }, { channel: 'control' });
    assert.deepEqual([debug.reply.type, debug.reply.success], ['debug_reply', false]);
    assert.deepEqual([debug.reply.request_seq, debug.reply.command], [3, 'debugInfo']);
    const newer = await message('create_subshell_request', {}, { channel: 'control' });
    assert.deepEqual([newer.reply.type, newer.reply.status], ['create_subshell_reply', 'error']);
  });

  test('of a widget that no cell has made is turned away, and leaves no word in a cell or the log', async () => {
    const opened = await message(
      'comm_open',
      { comm_id: 'c', target_name: 't', data: {} },
      { until: ['idle'] },
    );
    assert.deepEqual(statesOf(opened), ['busy', 'comm_close', 'idle']);
    assert.equal(opened.published[1].comm_id, 'c');
    const told = await message('comm_msg', { comm_id: 'c', data: {} }, { until: ['idle'] });
    assert.deepEqual(statesOf(told), ['busy', 'idle']);
    assert.deepEqual(await driver.call('late', { id: 'a', seconds: 0.2 }), []);
    assert.doesNotMatch(readFileSync(join(driver.folder, 'a.stderr'), 'utf8'), /msg_type|request|comm_/);
  });
});

describe('the state of a kernel', () => {
  test('is busy until the last cell has ended, whatever is asked and answered meanwhile', async () => {
    const wait = 'await new Promise((r) => setTimeout(r, 200));';
    const { states } = await driver.call<{ states: string[] }>('states', { id: 'a', codes: [wait, wait] });
    // Each idle is the end of one of three requests; all but the last are taken back at once.
    assert.equal(states.filter((state) => state === 'idle').length, 3);
    for (const [i, state] of states.slice(0, -1).entries())
      if (state === 'idle') assert.equal(states[i + 1], 'busy');
    assert.equal(states.at(-1), 'idle');
  });
});

describe('the library in a notebook', () => {
  test('is there under its name, computes, and shows nothing of how TensorFlow starts', async () => {
    const ran = await run('a', "import { tf } from 'pathkernel';\ntf.add(1, 2).dataSync()[0]");
    assert.equal(resultOf(ran), '3');
    assert.equal(textOf(ran), '');
  });

  const MARK = '|';
  const ask = <T>(kind: string, marked: string) => {
    const [before, rest] = marked.split(MARK);
    return driver.call<T>('ask', { id: 'a', kind, code: before + rest, cursor_pos: before.length });
  };
  const completed = async (marked: string) => (await ask<{ matches: string[] }>('complete', marked)).matches;
  async function inspected(marked: string): Promise<string> {
    const { found, data } = await ask<{ found: boolean; data: Record<string, string> }>('inspect', marked);
    assert.ok(found, `nothing is known of ${marked}`);
    assert.match(data['text/markdown'], /^```typescript\n/);
    return data['text/plain'];
  }

  test('is completed: its names, its options, what its functions return', async () => {
    assert.ok((await completed("import { pru| } from 'pathkernel';")).includes('prune'));
    const options = await completed(
      "import { initialise, conv } from 'pathkernel';\ninitialise(conv(), { se| })",
    );
    assert.ok(options.includes('seed'), options.join());
    const fields = await completed("import { conv } from 'pathkernel';\nconv().par|");
    assert.ok(fields.includes('parameters'), fields.join());
  });

  test('is documented, with what it takes, returns and refuses', async () => {
    assert.match(
      await inspected("import { show } from 'pathkernel';\nsho|w"),
      /Shows a value in the notebook/,
    );
    const text = await inspected("import { pathKernelTrace } from 'pathkernel';\npathKernelTr|ace");
    assert.match(text, /function pathKernelTrace\(/);
    assert.match(text, /@param /);
    assert.match(text, /@returns /);
  });

  test('completes and documents TensorFlow', async () => {
    const matches = await completed("import { tf } from 'pathkernel';\ntf.lay|");
    assert.ok(matches.includes('layers'), matches.join());
    const methods = await completed("import { tf } from 'pathkernel';\ntf.tensor1d([1]).su|");
    assert.ok(methods.includes('sum'), methods.join());
    const text = await inspected("import { tf } from 'pathkernel';\ntf.tenso|r2d");
    assert.match(text, /tensor2d\(values: .*\): .*Tensor2D/);
    assert.match(text, /Creates rank-2/);
    assert.match(text, /@param shape/);
  });

  test('completes and documents danfo', async () => {
    const table = "import { frame } from 'pathkernel';\nconst table = await frame([{ a: 1 }]);\n";
    const methods = await completed(`${table}table.sort|`);
    assert.ok(methods.includes('sortValues') && methods.includes('sortIndex'), methods.join());
    assert.match(await inspected(`${table}table.sort|Values`), /Sorts? a Dataframe/i);
  });
});

describe('the life of a kernel', () => {
  const alive = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  test('is its own: two at once share nothing, and neither stays when it is shut down', async () => {
    const { pid } = await driver.call<{ pid: number }>('start', { id: 'b', cwd: driver.bare });
    await run('a', 'let shared = 1;');
    assert.equal(errorOf(await run('b', 'shared')).ename, 'TypeScriptError');
    await run('b', 'setInterval(() => {}, 1000);');
    assert.ok(alive(pid));
    const { seconds } = await driver.call<{ seconds: number }>('stop', { id: 'b' });
    for (let i = 0; i < 20 && alive(pid); i++) await sleep(50);
    assert.ok(!alive(pid), `still there ${seconds} s after the shutdown`);
  });

  interface Executed {
    cells: { count: number | null; outputs: { output_type: string; ename?: string }[] }[];
    error: { name: string; message: string } | null;
  }
  const execute = (codes: string[], options = {}) =>
    driver.call<Executed>('notebook', { cwd: driver.bare, codes, ...options });

  test('lets nbclient see counts and the failing cell', async () => {
    const { cells, error } = await execute(['1', "throw new Error('seen');", '2'], { allow_errors: true });
    assert.equal(error, null);
    assert.deepEqual(
      cells.map(({ count }) => count),
      [1, 2, 3],
    );
    assert.equal(cells[1].outputs[0].ename, 'Error');
  });

  test('that ends in the middle of a cell is reported by nbclient', async () => {
    const killer = "(await import('node:child_process')).execSync('kill -9 ' + process.pid);";
    const { error } = await execute([killer]);
    assert.equal(error?.name, 'DeadKernelError');
  });
});
