import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { represent } from './represent';
import { formatCell } from './table';

const textOfResult = (value: unknown) => represent(value)['text/plain'];

function fail(): never {
  throw new RangeError('not to be seen');
}

function revoked<T extends object>(target: T): T {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

test('a value that cannot be looked at is shown as text', () => {
  assert.match(textOfResult({ [inspect.custom]: fail }), /cannot be shown: not to be seen/);
  assert.match(textOfResult(revoked([])), /Revoked Proxy/);
  const traps = { get: fail, ownKeys: fail, getPrototypeOf: fail, has: fail, getOwnPropertyDescriptor: fail };
  for (const target of [{}, [{}], () => 1]) assert.ok(textOfResult(new Proxy(target, traps)).length > 0);
  const getters = Object.defineProperty({}, 'data', { get: fail, enumerable: true });
  assert.match(textOfResult(getters), /data: \[Getter\]/);
  assert.match(textOfResult([getters]), /data: \[Getter\]/);
  assert.equal(textOfResult(Symbol('s')), 'Symbol(s)');
});

test('rows with bigints, cycles and broken dates are tables', () => {
  const circular: Record<string, unknown> = { name: 'a' };
  circular.self = circular;
  const text = textOfResult([{ paths: { count: 12n, log: 2.5 }, n: 10n ** 20n, when: new Date(Number.NaN) }]);
  assert.match(text, /\{"count":12,"log":2.5\} {2}100000000000000000000 {2}Invalid Date/);
  assert.match(textOfResult([circular]), /a {2}\{"name":"a","self":"\[cycle\]"\}/);
  assert.match(String(represent([{ n: 3n }])['text/html']), />3</);
});

test('no cell of a table throws, or is longer than one reads', () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic, cyclic, cyclic);
  const odd = [
    revoked([]),
    revoked({}),
    { toJSON: fail },
    {
      get a() {
        return fail();
      },
    },
    Symbol('x'),
    fail,
  ];
  for (const value of [
    ...odd,
    cyclic,
    'x'.repeat(1e7),
    Array(1e6).fill({}),
    new Float64Array(1e6),
    new Map([[1, 2]]),
  ])
    assert.ok(formatCell(value).length < 1100);
  assert.equal(formatCell(new Date(0)), '1970-01-01T00:00:00.000Z');
  assert.equal(formatCell([0.5, [1, 'a']]), '[0.5, [1, a]]');
  assert.equal(textOfResult([{ ['k'.repeat(1e6)]: 1 }]).split('\n')[0].length < 1100, true);
});

test('a text of 40 MB is cut, and says so', () => {
  const text = textOfResult('x'.repeat(40_000_000));
  assert.match(text, /^x+… \(39,900,000 more characters\)$/);
  assert.ok(
    textOfResult(Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => [`k${i}`, i]))).length < 101_000,
  );
});

test('the longest array there can be is not walked from end to end', () => {
  const holes = Array(2 ** 32 - 1);
  assert.match(textOfResult(holes), /4294967295 empty items/);
  assert.match(textOfResult({ data: holes, layout: {} }), /4294967295 empty items/);
  assert.match(textOfResult({ rows: holes }), /4294967295 empty items/);
});
