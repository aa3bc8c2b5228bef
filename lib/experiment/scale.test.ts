import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atScale, scale } from '.';
import { scales } from './scale';

function withScale<T>(value: string | undefined, body: () => T): T {
  const before = process.env.PATHKERNEL_SCALE;
  set(value);
  try {
    return body();
  } finally {
    set(before);
  }
}

function set(value: string | undefined): void {
  if (value === undefined) delete process.env.PATHKERNEL_SCALE;
  else process.env.PATHKERNEL_SCALE = value;
}

test('the scale is laptop unless PATHKERNEL_SCALE says otherwise', () => {
  assert.equal(withScale(undefined, scale), 'laptop');
  for (const name of scales) assert.equal(withScale(name, scale), name);
});

test('atScale takes the choice of the scale', () => {
  const epochs = () => atScale({ smoke: 1, laptop: 3, paper: 100 });
  assert.deepEqual(
    ['smoke', undefined, 'paper'].map((name) => withScale(name, epochs)),
    [1, 3, 100],
  );
  assert.equal(withScale('evening', epochs), 3);
  assert.equal(
    withScale('evening', () => atScale({ smoke: 1, laptop: 3, evening: 20, paper: 100 })),
    20,
  );
});

test('another scale is refused', () => {
  for (const name of ['', 'huge', 'SMOKE', 'toString'])
    assert.throws(() => withScale(name, scale), {
      message: `invalid PATHKERNEL_SCALE; not smoke, laptop, evening or paper: ${name || '""'}`,
    });
});
