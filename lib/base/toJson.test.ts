import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invalid } from './invalid';
import { reasonOf, toJson } from './toJson';

const parsed = (value: unknown): unknown => JSON.parse(toJson(value));

test('what JSON knows is written as JSON writes it', () => {
  for (const value of [{ a: [1, null, 'x', { b: true }] }, [new Date(0)], 'text', null])
    assert.equal(toJson(value), JSON.stringify(value));
  assert.equal(toJson(undefined), 'null');
});

test('bigints become digits, as numbers where they are exact', () => {
  assert.deepEqual(parsed({ y: [1n, -2n, 2n ** 64n], when: new Date(0), f() {} }), {
    y: [1, -2, '18446744073709551616'],
    when: '1970-01-01T00:00:00.000Z',
  });
});

test('a cycle, a getter that throws and what is too deep become words, the rest stays', () => {
  const cyclic: Record<string, unknown> = { name: 'a' };
  cyclic.self = cyclic;
  cyclic.list = [cyclic, 1];
  assert.deepEqual(parsed(cyclic), { name: 'a', self: '[cycle]', list: ['[cycle]', 1] });
  const getter = {
    b: 2,
    get a() {
      throw new RangeError('not now');
    },
  };
  assert.deepEqual(parsed([getter]), [{ b: 2, a: '[not now]' }]);
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = { deep };
  assert.match(toJson(deep), /\[too deep\]/);
});

test('proxies that throw or are revoked become the reason', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  assert.match(toJson([proxy]), /^\["\[.*revoked/);
  const ownKeys = () => {
    throw new Error('no keys');
  };
  assert.deepEqual(parsed({ hostile: new Proxy({}, { ownKeys }) }), { hostile: '[no keys]' });
});

test('shared parts that would be written without end are left out from some size on', () => {
  let shared: unknown = 1n;
  for (let i = 0; i < 60; i++) shared = [shared, shared];
  assert.match(toJson(shared), /\[left out\]/);
});

test('whatever was thrown has a reason', () => {
  const hostile = {
    get message() {
      throw new Error('again');
    },
  };
  const reasons = [new Error('a'), 'b', null, undefined, Symbol('c'), hostile].map(reasonOf);
  assert.deepEqual(reasons, ['a', 'b', 'null', 'undefined', 'Symbol(c)', 'no reason given']);
});

test('a message about bad input names any value, and no more of it than one reads', () => {
  const cyclic: unknown[] = [1n];
  cyclic.push(cyclic);
  assert.match(invalid('list', 'not plain', cyclic).message, /^invalid list; not plain: \[1, \[/);
  assert.equal(invalid('options', 'no numbers', { n: 3n }).message, 'invalid options; no numbers: {"n":3}');
  assert.ok(invalid('pixels', 'too many', new Float32Array(1e6)).message.length < 3000);
});
