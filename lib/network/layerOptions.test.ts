import assert from 'node:assert/strict';
import { pathKernelTrace } from '../path';
import { prune } from '../prune';
import { tf } from '../tensor';
import { test } from '../testing';
import { buildNetwork, fc, forward, graphBuilder, initialise, kernelsOf, summary } from '.';
import { ops } from './ops';

/** 4 → 5 → 3 → 2, the last layer with whatever options. */
function mlp(options: { prunable?: boolean; trainable?: boolean } = {}) {
  const g = graphBuilder([4]);
  const first = g.relu('open1', g.dense('first', g.input, { units: 5 }));
  const second = g.relu('open2', g.dense('second', first, { units: 3 }));
  g.dense('third', second, { units: 2, ...options });
  return g.build('mlp');
}

test('a layer that is not prunable has no part in masks, densities and counts, but in paths', async () => {
  const network = mlp({ prunable: false });
  assert.deepEqual(
    kernelsOf(network).map(({ name }) => name),
    ['first/kernel', 'second/kernel'],
  );
  assert.equal(summary(network).at(-1)?.prunable, 4 * 5 + 5 * 3);
  const params = initialise(network, { seed: 1 });
  const { mask } = await prune(network, params, { method: 'synflow', density: 0.4, iterations: 2 });
  assert.deepEqual(Object.keys(mask), ['first/kernel', 'second/kernel']);
  const bits = Object.values(mask).flatMap((tensor) => [...tensor.dataSync()]);
  const kept = bits.reduce((sum, bit) => sum + bit, 0);
  assert.equal(kept, 0.4 * 35);
  const [found, whole] = [network, mlp()].map((of) => pathKernelTrace(of, params).log);
  assert.equal(found, whole);
  tf.dispose([params, mask]);
});

test('what is said of a layer is said of each of its parameters, and nothing else is', () => {
  for (const options of [{}, { trainable: true, prunable: true }])
    for (const spec of mlp(options).parameters) assert.ok(!('trainable' in spec) && !('prunable' in spec));
  for (const { layer, trainable, prunable } of mlp({ trainable: false }).parameters) {
    assert.equal(trainable, layer === 'third' ? false : undefined);
    assert.equal(prunable, undefined);
  }
});

test('the builder refuses an option that an op does not have, whatever the op', () => {
  type Add = (id: string, x: string, options: object) => string;
  for (const name of Object.keys(ops).filter((op) => op !== 'input')) {
    const g = graphBuilder([4, 4, 2]);
    const add = (g as object as Record<string, Add>)[name];
    assert.throws(
      () => add('it', g.input, { prunabel: false }),
      (error: Error) =>
        error.message.startsWith(`invalid options of ${name} it; unknown, did you mean `) &&
        error.message.includes('prunable') &&
        error.message.endsWith(': prunabel'),
      name,
    );
  }
  const g = graphBuilder([4, 4, 2]);
  g.avgPool('pool', g.input, { size: 2, stride: 1, padding: 1, countPadding: false });
  assert.throws(
    () => g.avgPool('next', 'pool', { strides: 1 } as object),
    /did you mean stride, .*: strides$/,
  );
});

test('the builder refuses what is no object of options, and options left out of a layer that needs them', () => {
  type Add = (id: string, ...args: unknown[]) => string;
  const g = graphBuilder([4, 4, 2]) as object as Record<string, Add>;
  for (const [name, args, value] of [
    ['dense', [], 'undefined'],
    ['conv2d', [undefined], 'undefined'],
    ['dense', [3], '3'],
    ['relu', [null], 'null'],
    ['maxPool', [2], '2'],
  ] as const)
    assert.throws(() => g[name]('it', 'input', ...args), {
      message: `invalid options of ${name} it; not an object: ${value}`,
    });
  assert.equal(g.relu('open', 'input', undefined), 'open');
  assert.throws(() => initialise(mlp(), [1] as never), {
    message: 'invalid options of initialise; not an object: [1]',
  });
});

test('a misspelt option of a network, its start or a pass is refused, and a mode that there is not', () => {
  const network = mlp();
  const params = initialise(network, { seed: 1 });
  const refused: [() => unknown, RegExp][] = [
    [() => fc({ widht: 3 } as object), /options of fc; .*width.*: widht$/],
    [() => buildNetwork('fc-100', { clases: 3 } as object), /options of fc-100; .*classes.*: clases$/],
    [() => initialise(network, { sed: 3 } as never), /options of initialise; .*seed.*: sed$/],
    [
      () => forward(network, params, tf.zeros([1, 4]), { mod: 'training' } as object),
      /options of forward; .*mode.*: mod$/,
    ],
    [
      () => forward(network, params, tf.zeros([1, 4]), { mode: 'train' as never }),
      /invalid mode; .*: train$/,
    ],
  ];
  for (const [attempt, message] of refused) assert.throws(() => tf.tidy(attempt as () => void), message);
  tf.dispose(params);
});
