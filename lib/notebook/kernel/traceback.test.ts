import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeError, type Places } from './traceback';

const cell = {
  label: 'cell 4',
  code: 'one\ntwo(x)\nthree',
  locate: (line: number) => (line > 9 ? undefined : { line: 2, column: 3 }),
};
const places: Places = {
  root: '/project',
  findCell: (name) => (name === 'cell-name' ? cell : undefined),
  hidden: ['/project/node_modules/tslab/', '/project/lib/notebook/kernel'],
  exists: (path) => !path.startsWith('/project/tfjs-core'),
};

function thrown(...frames: string[]): Error {
  const error = new RangeError('no');
  error.stack = ['RangeError: no', ...frames.map((frame) => `    at ${frame}`)].join('\n');
  return error;
}

test('a traceback keeps the frames of the cell and the library, and one of each package', () => {
  const { traceback } = describeError(
    thrown(
      'kernelFunc (/project/tfjs-core/src/engine.ts:1:2)',
      'scoped (/project/tfjs-core/src/engine.ts:3:4)',
      'Proxy.prune (/project/lib/prune/prune.ts:18:11)',
      'async cell-name:5:6',
      'cell-name:10:3',
      'execute (/project/node_modules/tslab/dist/executor.js:1:1)',
      'run (/project/lib/notebook/kernel/executor.ts:1:1)',
      'process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
    ),
    places,
  );
  assert.deepEqual(traceback, [
    'RangeError: no',
    '    at kernelFunc (tfjs-core/src/engine.ts:1:2)',
    '    … 1 more in tfjs-core',
    '    at prune (lib/prune/prune.ts:18:11)',
    '    at async cell 4:2:3',
    '',
    'cell 4, line 2:',
    '  1 | one',
    '> 2 | two(x)',
    '    |   ^',
    '  3 | three',
  ]);
});

test('causes and the errors of an aggregate are told too', () => {
  const error = new AggregateError([thrown()], 'several', { cause: 'words' });
  const text = describeError(error, places).traceback.join('\n');
  assert.match(text, /One of: RangeError: no/);
  assert.match(text, /Caused by: Thrown value: words/);
});

test('both ways of stopping a cell by force read the same', () => {
  const forced = Object.assign(new Error('x'), { code: 'ERR_SCRIPT_EXECUTION_INTERRUPTED' });
  for (const error of [forced, new Error('Interrupted asynchronously')])
    assert.equal(describeError(error, places).evalue, 'interrupted by the user');
});

test('whatever is thrown is described, and at a length one reads', () => {
  const fail = () => {
    throw new Error('again');
  };
  const hostile = [
    new Proxy({}, { get: fail, has: fail, getPrototypeOf: fail }),
    Object.defineProperty(new Error('a'), 'message', { get: fail }),
    Object.defineProperty(new Error('a'), 'stack', { get: fail }),
    Object.assign(new Error('a'), { name: { toString: fail } }),
    Object.assign(new AggregateError([], 'a'), { errors: 5 }),
    Symbol('thrown'),
    12n,
    () => 1,
  ];
  const long = [
    new Error('x'.repeat(1e7)),
    'x'.repeat(1e7),
    new AggregateError(Array(1e5).fill(new Error('one'))),
    Object.assign(new Error('a'), { stack: '    at f (/a:1:2)\n'.repeat(1e5) }),
    Object.assign(new Error('a'), { stack: `    at ${'( '.repeat(1e6)}` }),
  ];
  for (const value of [...hostile, ...long]) {
    const { ename, evalue, traceback } = describeError(value, places);
    assert.ok(ename.length > 0);
    assert.ok(evalue.length < 5000 && traceback.join('\n').length < 50_000);
  }
});

test('an error that is its own cause is told once', () => {
  const error = new Error('round');
  error.cause = new Error('and', { cause: error });
  const { traceback } = describeError(error, places);
  assert.deepEqual(
    traceback.filter((line) => /Caused|round/.test(line)),
    ['Error: round', 'Caused by: Error: and', 'Caused by: the same error again'],
  );
});
