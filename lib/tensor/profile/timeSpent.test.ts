import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OpScope } from './scope';
import { type NativeEvent, timeSpent } from './timeSpent';

const event = (name: string, start: number, duration: number, thread = 1, bytes = 0): NativeEvent => ({
  ...{ name, start, duration, thread, bytes },
});
const scopes: OpScope[] = [
  {},
  { phase: 'scoring' },
  { phase: 'forward', part: 'conv', multiplications: 50 },
  { part: 'loss' },
];
const known = {
  scopeOf: (number: number) => scopes[number],
  multiplicationsIn: (name: string) => (name === 'pathkernel_7' ? 900 : undefined),
};
const spent = (...events: NativeEvent[]) =>
  timeSpent(events, known).map(({ phase, part, op, calls, milliseconds }) => [
    phase,
    part,
    op,
    calls,
    milliseconds,
  ]);

test('time counts for the innermost op or scope, on whichever thread', () => {
  const events = [
    event('@1', 0, 100),
    event('EagerLocalExecute: pathkernel_1', 5, 80), // no op, its ops are
    event('n1000000004_0.s2:_MklNativeConv2D', 10, 30, 2),
    event('n1000000009_0.s3:Mean', 50, 20, 2),
  ];
  assert.deepEqual(spent(...events), [
    ['scoring', '', 'JavaScript', 1, 50],
    ['forward', 'conv', '_MklNativeConv2D', 1, 30],
    ['scoring', 'loss', 'Mean', 1, 20],
  ]);
});

test('the order in which threads report does not matter', () => {
  const events = [event('n1_0.s2:Conv2D', 10, 30, 2), event('@1', 0, 100), event('Add:Add', 60, 5)];
  assert.deepEqual(spent(...events), spent(...[...events].reverse()));
});

test('calls of one kind are one row, and what nobody claims is the rest', () => {
  assert.deepEqual(spent(event('Add:Add', 0, 1), event('Add:Add', 2, 3)), [['rest', '', 'Add', 2, 4]]);
});

test('ops side by side take no time from what holds them below nothing', () => {
  const events = [event('@1', 0, 10), event('n1_0.s3:Add', 0, 9, 2), event('n2_0.s3:Mul', 1, 9, 3)];
  for (const [, , , , milliseconds] of spent(...events)) assert.ok((milliseconds as number) >= 0);
});

test('memory counts for the op that takes it', () => {
  const events = [
    event('@1', 0, 10),
    event('n1_0.s2:Conv2D', 1, 6),
    event('MemoryAllocation', 2, 0.1, 1, 4096),
  ];
  const rows = timeSpent([...events, event('MemoryAllocation', 20, 0.1, 1, 1)], known);
  assert.deepEqual(
    rows.map(({ op, bytes }) => [op, bytes]),
    [
      ['Conv2D', 4096],
      ['JavaScript', 0],
    ],
  );
});

test('multiplications belong to the product, not to what TensorFlow makes of its name beside it', () => {
  const events = [
    event('n1_0.s2:_MklFusedConv2D', 0, 1),
    event('n1_0.s2-0-TransposeNHWCToNCHW-LayoutOptimizer:Transpose', 2, 1),
    event('pathkernel_7:pathkernel_7', 4, 1),
    event('n1_0_s2:_Arg', 6, 1),
  ];
  const found = timeSpent(events, known).map(({ op, multiplications }) => [op, multiplications]);
  assert.deepEqual(Object.fromEntries(found), { _MklFusedConv2D: 50, Transpose: 0, XLA: 900, _Arg: 0 });
});
