import assert from 'node:assert/strict';
import * as figures from '../../figure';
import { kernelsOf } from '../../network';
import { pathKernelTrace } from '../../path';
import { tf } from '../../tensor';
import { test } from '../../testing';
import { tinyDataset, tinyNetwork, tinyStart } from '../../testing/tinyTraining';
import { workedExample } from '../../testing/workedExample';
import { type Quantity, quantities, registerQuantity, train } from '..';

const network = tinyNetwork();

const { largestWeight } = workedExample('quantity', 'lib/train/quantities') as { largestWeight: Quantity };
const largest: Quantity = { ...largestWeight, axis: 'log' };

async function record(names: string[]) {
  const { params, mask } = tinyStart(network);
  try {
    const history = await train(network, params, {
      data: tinyDataset(),
      mask,
      epochs: 2,
      batch: 10,
      record: { quantities: names, trace: false, test: false },
    });
    tf.dispose(history.params);
    const before = kernelsOf(network).flatMap(({ name }) => {
      const kept = mask[name].dataSync();
      return [...params[name].dataSync()].map((value, i) => Math.abs(value * kept[i]));
    });
    return {
      rows: history.rows as unknown as Record<string, number | null>[],
      before: Math.max(...before),
    };
  } finally {
    tf.dispose([params, mask]);
  }
}

test('the quantity of CONTRIBUTING is recorded where it is asked for, and drawn with its title on its axis', async () => {
  const takeOut = registerQuantity('largestWeight', largest);
  try {
    const { rows, before } = await record(['largestWeight']);
    assert.equal(rows[0].largestWeight, before);
    assert.ok(rows.every(({ largestWeight }) => typeof largestWeight === 'number'));
    const figure = figures.overEpochs(rows as never, 'largestWeight');
    assert.deepEqual(
      figure.data[0].y,
      rows.map(({ largestWeight }) => largestWeight),
    );
    assert.match(JSON.stringify(figure.layout.title), /Largest weight over training/);
    assert.equal(figure.layout.yaxis?.type, 'log');
    const without = await record([]);
    assert.ok(!('largestWeight' in without.rows[0]));
  } finally {
    takeOut();
  }
  assert.ok(!Object.hasOwn(quantities, 'largestWeight'));
  await assert.rejects(record(['largestWeight']), {
    message: /^invalid record\.quantities; unknown, did you mean .*: largestWeight$/,
  });
});

test('names that columns have already, and parts that are missing, are refused', () => {
  for (const name of ['epoch', 'hash', 'testLoss', 'TESTLOSS', 'a-b', ''])
    assert.throws(() => registerQuantity(name, largest), /^InvalidError: invalid quantity; /, name);
  assert.throws(() => registerQuantity('mine', { ...largest, title: undefined as never }), {
    message: 'invalid quantity mine.title; not a text: undefined',
  });
  assert.throws(() => registerQuantity('mine', { ...largest, measure: 3 as never }), {
    message: 'invalid quantity mine.measure; not a function: 3',
  });
  assert.ok(!Object.hasOwn(quantities, 'mine'));
});

test('a quantity that gives no number is an error with its name', async () => {
  const takeOut = registerQuantity('mine', { ...largest, measure: () => 'much' as never });
  await assert.rejects(record(['mine']), {
    message: 'invalid quantity mine; measured neither a number nor null: much',
  });
  takeOut();
});

test('the published traces are those of pathKernelTrace by their conventions, and natural logarithms are drawn as powers of ten', async () => {
  const { params, mask } = tinyStart(network);
  const names = ['pathKernelTraceAsPublished', 'pathKernelTraceInTrainingMode'];
  const history = await train(network, params, {
    ...{ data: tinyDataset(), mask, epochs: 1, batch: 10 },
    record: { quantities: names, test: false },
  });
  try {
    const conventions = ['weights', 'as-published', 'as-published-training'] as const;
    const logs = conventions.map(
      (convention) => pathKernelTrace(network, history.params, { mask, convention }).log,
    );
    const row = history.rows[1] as unknown as Record<string, number>;
    assert.deepEqual(
      ['pathKernelTrace', ...names].map((name) => row[name]),
      logs,
    );
    const { data } = figures.overEpochs(history, 'pathKernelTrace');
    assert.deepEqual(
      data[0].y,
      history.rows.map(({ pathKernelTrace: log }) => (log as number) / Math.LN10),
    );
  } finally {
    tf.dispose([params, mask, history.params]);
  }
});
