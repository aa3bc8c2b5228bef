import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type KernelDriver, openDriver, type Ran, type RunOptions } from './kernelDriver';

let driver: KernelDriver;

before(async () => {
  driver = openDriver();
  await driver.call('start', { id: 'a', cwd: driver.bare });
  await run(
    "import readline from 'node:readline';\nimport { createInterface } from 'node:readline/promises';",
  );
});
after(() => driver.close());

const run = (code: string, options: RunOptions = {}) => driver.run('a', code, { timeout: 30, ...options });
const textOf = ({ outputs }: Ran) => outputs.map(({ text = '' }) => text).join('');
const resultOf = ({ outputs }: Ran) => outputs.find(({ data }) => data)?.data?.['text/plain'];
const errorOf = ({ outputs }: Ran) => outputs.find(({ type }) => type === 'error');

describe('a cell asks the one who runs it', () => {
  test('by prompt, at once or late, several times', async () => {
    const ran = await run(
      "console.log('before');\nconst name: string | null = prompt('Name?'); await null;\n[name, prompt('Second', 'none'), prompt()].join(' ')",
      { answers: ['Ärger 😀', '', 'end'] },
    );
    assert.deepEqual(ran.questions, ['Name? ', 'Second [none] ', ' ']);
    assert.deepEqual([textOf(ran), resultOf(ran)], ['before\n', 'Ärger 😀 none end']);
  });

  test('by confirm; alert prints', async () => {
    const ran = await run("alert('Look'); [confirm('Sure?'), confirm('Really?'), confirm()]", {
      answers: ['y', 'no', ''],
    });
    assert.deepEqual(ran.questions, ['Sure? [y/N] ', 'Really? [y/N] ', ' [y/N] ']);
    assert.deepEqual([textOf(ran), resultOf(ran)], ['Look\n', '[ true, false, false ]']);
  });

  const INTERFACE = 'const lines = createInterface({ input: process.stdin, output: process.stdout });\n';

  test('by readline, of promises or callbacks', async () => {
    const code = `${INTERFACE}const first = await lines.question('First? ');
const second = await lines.question('Second? ');
lines.close();
first + second`;
    const ran = await run(code, { answers: ['a', 'b'] });
    assert.deepEqual([ran.questions, textOf(ran), resultOf(ran)], [['', ''], 'First? Second? ', 'ab']);
    const older = `const asked = readline.createInterface({ input: process.stdin, output: process.stdout });
const third = await new Promise((done) => asked.question('Third? ', (text) => { asked.close(); done(text); }));
third`;
    assert.equal(resultOf(await run(older, { answers: ['c'] })), 'c');
  });

  test('line by line', async () => {
    const code = `${INTERFACE}let sum = 0;
for await (const line of lines) { if (line === 'end') break; sum += Number(line); }
sum`;
    const ran = await run(code, { answers: ['1', '2', 'end'] });
    assert.deepEqual([ran.questions.length, resultOf(ran)], [3, '3']);
  });

  test('by a read of standard input', async () => {
    const code =
      "process.stdin.setEncoding('utf8');\nconst data = await new Promise((done) => process.stdin.once('data', done)); JSON.stringify(data)";
    const ran = await run(code, { answers: ['x'] });
    assert.deepEqual([ran.questions.length, resultOf(ran)], [1, '"x\\n"']);
  });

  test('and a question that nobody waits for any more is taken back', async () => {
    const left = await run(
      `${INTERFACE}void lines.question('Left? '); await new Promise((r) => setTimeout(r, 800)); 1`,
    );
    assert.deepEqual([left.questions.length, left.reply.status], [1, 'ok']);
    const next = await run("prompt('Next?')", { answers: ['there'] });
    assert.deepEqual([next.questions, resultOf(next)], [['Next? '], 'there']);
  });
});

describe('a question that is not answered', () => {
  test('ends with Stop, and the cell with it', async () => {
    for (const code of [
      "console.log('go');\nprompt('?');",
      "await null; console.log('go');\nawait new Promise((r) => setTimeout(r, 200)); prompt('?');",
      "console.log('go'); await new Promise((done) => process.stdin.once('data', done));",
    ]) {
      const ran = await run(code, { interrupt_on: 'go', pause: 1 });
      assert.equal(errorOf(ran)?.ename, 'Interrupted');
      assert.equal(ran.questions.length, 1);
    }
    assert.equal(resultOf(await run("prompt('Again?')", { answers: ['yes'] })), 'yes');
  });

  test('is refused where nobody can be asked, with a clear word', async () => {
    for (const [call, code] of [
      ['prompt', "prompt('?');"],
      ['confirm', "await null; confirm('?');"],
      ['process.stdin', "await createInterface({ input: process.stdin }).question('?');"],
      ['process.stdin', 'for await (const _ of process.stdin);'],
    ]) {
      const ran = await run(code, { allow_stdin: false });
      const asks = `${call} asks the one who runs the cell, and nobody can be asked`;
      assert.equal(errorOf(ran)?.evalue?.slice(0, asks.length), asks);
      assert.deepEqual(ran.questions, []);
    }
    const { id } = await run("setTimeout(() => prompt('?'), 200);");
    const late = await driver.call<{ text: string; parent: string }[]>('late', { id: 'a', seconds: 0.5 });
    assert.equal(late.length, 1, JSON.stringify(late));
    assert.equal(late[0].parent, id);
    assert.match(late[0].text, /nobody can be asked: .* the cell has ended/);
  });
});
