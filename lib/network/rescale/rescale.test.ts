import assert from 'node:assert/strict';
import { tf } from '../../tensor';
import { test } from '../../testing';
import { normalTensor } from '../../testing/finiteDifferences';
import {
  forward,
  graphBuilder,
  initialise,
  type Network,
  type Params,
  randomFactors,
  rescalableUnits,
  rescale,
} from '..';

/** stem → (block + identity) → reader → out, and a batch norm in front of the reader. */
function residual(): Network {
  const g = graphBuilder([4, 4, 2]);
  const stem = g.relu('open', g.conv2d('stem', g.input, { filters: 2, bias: true }));
  const inner = g.relu('openInner', g.conv2d('inner', stem, { filters: 3 }));
  const sum = g.add('sum', stem, g.conv2d('outer', inner, { filters: 2 }));
  const read = g.relu('openReader', g.batchNorm('norm', g.conv2d('reader', sum, { filters: 2 })));
  g.dense('out', g.flatten('flat', g.maxPool('pool', read)), { units: 2 });
  return g.build('residual');
}

/** Neither shifts nor statistics at what they start with. */
function moved(network: Network): Params {
  const params = initialise(network, { seed: 1 });
  for (const { name, shape, role } of network.parameters)
    if (role !== 'kernel') {
      params[name].dispose();
      params[name] = tf.tidy(() => {
        const drawn = normalTensor(shape, name.length);
        return role === 'variance' ? drawn.square().add(0.5) : drawn;
      });
    }
  return params;
}

test('units of a residual network: channels that are added up are one, batch norm has one before and one behind', () => {
  const named = rescalableUnits(residual()).map(({ incoming, outgoing }) =>
    [incoming, outgoing]
      .map((side) => side.map(({ layer, channel }) => `${layer}${channel}`).join(' '))
      .join(' > '),
  );
  assert.deepEqual(named, [
    'stem0 outer0 > inner0 reader0',
    'stem1 outer1 > inner1 reader1',
    'inner0 > outer0',
    'inner1 > outer1',
    'inner2 > outer2',
    'reader0 > norm0',
    'reader1 > norm1',
    'norm0 > out0 out2 out4 out6',
    'norm1 > out1 out3 out5 out7',
  ]);
});

test('what leads in is multiplied, what leads on divided, and statistics become those of the scaled values', () => {
  const network = residual();
  const params = moved(network);
  const factors = { inner: [1, 4, 1], reader: [2, 1], norm: [1, 0.5] };
  const found = rescale(network, params, factors);
  const of = (name: string, record = params) => [...record[name].dataSync()];
  const expect = (name: string, change: (value: number, index: number) => number) =>
    assert.deepEqual(of(name, found), of(name).map(change), name);
  expect('stem/kernel', (value) => value);
  expect('inner/kernel', (value, i) => value * (i % 3 === 1 ? 4 : 1));
  expect('outer/kernel', (value, i) => value / (Math.floor(i / 2) % 3 === 1 ? 4 : 1));
  expect('reader/kernel', (value, i) => value * (i % 2 === 0 ? 2 : 1));
  expect('norm/mean', (value, c) => value * (c === 0 ? 2 : 1));
  expect('norm/variance', (value, c) => (c === 0 ? Math.fround(4 * (value + 1e-5) - 1e-5) : value));
  for (const name of ['norm/gamma', 'norm/beta']) expect(name, (value, c) => value * (c === 1 ? 0.5 : 1));
  expect('out/kernel', (value, i) => value * (Math.floor(i / 2) % 2 === 1 ? 2 : 1));
  expect('out/bias', (value) => value);
  tf.dispose([params, found]);
});

test('powers of two change no bit of the outputs of a network without batch norm', () => {
  const g = graphBuilder([5]);
  const hidden = g.relu('open', g.dense('first', g.input, { units: 6 }));
  g.dense('out', g.parametricRelu('leaky', g.dense('second', hidden, { units: 4 })), { units: 3 });
  const network = g.build('mlp');
  const params = moved(network);
  const factors = randomFactors(network, { seed: 3, spread: 2, exact: true });
  assert.ok([...factors.first, ...factors.second].some((factor) => factor !== 1));
  assert.deepEqual([...factors.out], [1, 1, 1]);
  const after = rescale(network, params, factors);
  const x = normalTensor([7, 5], 2);
  const [before, now] = [params, after].map((of) => {
    const outputs = forward(network, of, x);
    const values = outputs.dataSync();
    outputs.dispose();
    return values;
  });
  assert.deepEqual(now, before);
  tf.dispose([params, after, x]);
});

test('random factors are those of their seed, one for what is tied, and grow with the spread', () => {
  const network = residual();
  const narrow = randomFactors(network, { seed: 1, spread: 0.5 });
  const wide = randomFactors(network, { seed: 1, spread: 1 });
  assert.deepEqual(narrow, randomFactors(network, { seed: 1, spread: 0.5 }));
  assert.notDeepEqual(narrow, randomFactors(network, { seed: 2, spread: 0.5 }));
  assert.deepEqual(narrow.stem, narrow.outer);
  wide.inner.forEach((factor, c) => {
    assert.ok(Math.abs(factor / narrow.inner[c] ** 2 - 1) < 1e-12);
  });
  assert.deepEqual([...randomFactors(network, { seed: 1, spread: 0 }).stem], [1, 1]);
  assert.throws(() => randomFactors(network, { seed: 1, spread: Number.NaN }), {
    message: 'invalid spread; not a finite number from 0 on: NaN',
  });
});

test('what cannot be rescaled is refused by name', () => {
  const network = residual();
  const params = moved(network);
  const refused: [Record<string, number[]>, string][] = [
    [{ stem: [2, 1] }, 'stem[0], outer[0] are tied and have one: [2, 1]'],
    [{ stem: [1, 2], outer: [1, 3] }, 'stem[1], outer[1] are tied and have one: [2, 3]'],
    [{ out: [2, 1] }, 'out[0] is an output or tied to one, which have none: 2'],
    [{ sum: [2, 1] }, 'layers with weights and batch norms have some, add has none: sum'],
    [{ input: [2, 1] }, 'layers with weights and batch norms have some, input has none: input'],
    [{ inner: [2, 1] }, 'not 3 numbers for inner: 2'],
    [{ inner: [2, 1, 0] }, 'of inner not positive and finite: 0'],
    [{ inner: [2, 1, Number.NaN] }, 'of inner not positive and finite: NaN'],
    [
      { inner: [1e40, 1, 1] },
      `inner/kernel[0] would leave float32, from: ${params['inner/kernel'].dataSync()[0]}`,
    ],
    [
      { reader: [1, 1e-3] },
      'too small for norm/variance[1], which would be negative, in front of norm: 0.001',
    ],
  ];
  for (const [factors, message] of refused)
    assert.throws(() => rescale(network, params, factors), { message: `invalid factors; ${message}` });
  assert.throws(
    () => rescale(network, params, { iner: [1, 1, 1] }),
    /invalid layer; unknown, did you mean inner/,
  );
  assert.throws(() => rescale(network, params, undefined as never), /invalid factors; not numbers by layer/);
  tf.dispose(params);
});

test('what is added to the input or to an output keeps its size', () => {
  const g = graphBuilder([3]);
  const sum = g.add('sum', g.input, g.dense('first', g.input, { units: 3 }));
  g.add('both', g.dense('left', sum, { units: 2 }), g.dense('right', sum, { units: 2 }));
  const network = g.build('tied');
  assert.deepEqual(rescalableUnits(network), []);
  const params = moved(network);
  assert.throws(() => rescale(network, params, { first: [1, 2, 1] }), {
    message: 'invalid factors; first[1] is tied to the input, which has none: 2',
  });
  assert.throws(() => rescale(network, params, { left: [1, 2], right: [1, 2] }), {
    message: 'invalid factors; left[1] is an output or tied to one, which have none: 2',
  });
  tf.dispose(params);
});
