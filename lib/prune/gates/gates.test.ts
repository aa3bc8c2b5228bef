import assert from 'node:assert/strict';
import { initialise, kernelsOf } from '../../network';
import { randomMask, randomParams, smallMlp, smallResidual } from '../../path/testNetworks';
import { mapRecord, type TensorRecord, tf } from '../../tensor';
import { test } from '../../testing';
import { normalTensor } from '../../testing/finiteDifferences';
import { type PruneOptions, prune, reinitialise, shuffleMask } from '..';

const bits = (mask: TensorRecord) => mapRecord(mask, (tensor) => [...tensor.dataSync()]);
const counts = (mask: Record<string, number[]>) =>
  mapRecord(mask as never, (values: never) => (values as number[]).filter((bit) => bit === 1).length);

const network = smallResidual();

async function pruned(options: Partial<PruneOptions>, seed = 1) {
  const params = initialise(network, { seed });
  try {
    const { mask, report } = await prune(network, params, { method: 'magnitude', density: 0.5, ...options });
    const found = bits(mask);
    tf.dispose(mask);
    return { mask: found, report };
  } finally {
    tf.dispose(params);
  }
}

test('a shuffled mask keeps as many weights of each layer, others of them, every one as likely', async () => {
  const mask = randomMask(network, 0.4);
  const before = bits(mask);
  const name = 'branch/kernel';
  const times = before[name].map(() => 0);
  for (let seed = 1; seed <= 600; seed++) {
    const shuffled = shuffleMask(mask, { seed });
    const after = bits(shuffled);
    assert.deepEqual(counts(after), counts(before));
    for (const [i, bit] of after[name].entries()) times[i] += bit;
    tf.dispose(shuffled);
  }
  const share = counts(before)[name] / times.length;
  for (const found of times)
    assert.ok(Math.abs(found / 600 - share) < 4.5 * Math.sqrt((share * (1 - share)) / 600));
  const [one, same] = [shuffleMask(mask), shuffleMask(mask)];
  assert.deepEqual(bits(one), bits(same));
  assert.notDeepEqual(bits(one), before);
  assert.throws(() => shuffleMask(mask, { seed: Number.NaN }), /invalid seed; not a finite number: NaN/);
  tf.dispose([mask, one, same]);
});

test('the gate shuffle leaves a method its layers alone, within the starting mask and the layers that are pruned', async () => {
  const plain = await pruned({ method: 'synflow' });
  const shuffled = await pruned({ method: 'synflow', gate: 'shuffle' });
  assert.equal(shuffled.report.gate, 'shuffle');
  assert.deepEqual(counts(shuffled.mask), counts(plain.mask));
  assert.notDeepEqual(shuffled.mask, plain.mask);
  const start = randomMask(network, 0.9);
  const narrow = await pruned({ gate: 'shuffle', mask: start, density: 0.3, except: 'stem' });
  const unshuffled = await pruned({ mask: start, density: 0.3, except: 'stem' });
  const before = bits(start);
  assert.deepEqual(narrow.mask['stem/kernel'], before['stem/kernel']);
  assert.deepEqual(counts(narrow.mask), counts(unshuffled.mask));
  for (const [name, values] of Object.entries(narrow.mask))
    assert.ok(
      values.every((bit, i) => bit <= before[name][i]),
      name,
    );
  const rule = await pruned({ method: 'random/uniform', gate: 'shuffle' });
  assert.deepEqual(counts(rule.mask), counts((await pruned({ method: 'random/uniform' })).mask));
  tf.dispose(start);
});

test('the gate reinitialise takes the mask from other weights of the same law', async () => {
  const others = reinitialise(network, { seed: 7 });
  const mask = await prune(network, others, { method: 'magnitude', density: 0.5, seed: 7 });
  const gated = await pruned({ gate: 'reinitialise', seed: 7 });
  assert.deepEqual(gated.mask, bits(mask.mask));
  assert.notDeepEqual(gated.mask, (await pruned({ seed: 7 })).mask);
  const params = initialise(network, { seed: 1 });
  const plain = await prune(network, params, { method: 'magnitude', density: 0.5 });
  assert.equal(
    gated.report.before.logTrace,
    plain.report.before.logTrace,
    'the report is on the given weights',
  );
  const uniform = await pruned({ gate: 'reinitialise', seed: 7, initialiser: 'kaimingUniform' });
  assert.notDeepEqual(uniform.mask, gated.mask);
  tf.dispose([others, mask.mask, params, plain.mask]);
});

test('the gate invert keeps the lowest scores, of each step', async () => {
  const params = initialise(network, { seed: 1 });
  const { mask } = await pruned({ gate: 'invert', density: 0.25 });
  const sizes = kernelsOf(network).flatMap(({ name }) => Array.from(params[name].dataSync(), Math.abs));
  const kept = kernelsOf(network).flatMap(({ name }) => mask[name]);
  const limit = [...sizes].sort((a, b) => a - b)[Math.round(0.25 * sizes.length) - 1];
  assert.deepEqual(
    kept,
    sizes.map((size) => Number(size <= limit)),
  );
  const collapsed = await pruned({ method: 'synflow', gate: 'invert', iterations: 5 });
  assert.equal(collapsed.report.kept, Math.round(0.5 * collapsed.report.size));
  tf.dispose(params);
});

test('gates that do not fit are refused', async () => {
  const refused: [Partial<PruneOptions>, RegExp][] = [
    [{ gate: 'shufle' as never }, /invalid gate; unknown, did you mean shuffle.*: shufle/],
    [
      { gate: 'invert', method: 'random/erk' },
      /invalid gate; a method without scores cannot be inverted: invert/,
    ],
    [{ gate: 'invert', select: 'threshold' }, /invalid gate; not with select threshold: invert/],
    [{ gate: 'invert', select: 'sampled' }, /invalid gate; not with select sampled: invert/],
    [
      { gate: 'shuffle', initialiser: 'orthogonal' },
      /invalid initialiser; only for gate reinitialise: orthogonal/,
    ],
    [{ initialiser: 'orthogonal' }, /invalid initialiser; only for gate reinitialise: orthogonal/],
    [{ gate: 'reinitialise', initialiser: 'none' as never }, /invalid initialiser; unknown/],
  ];
  for (const [options, message] of refused) await assert.rejects(pruned(options), message);
});

test('what FORCE takes back may be drawn when its mask is shuffled', async () => {
  const mlp = smallMlp();
  const params = randomParams(mlp);
  const batch = { images: normalTensor([8, 3], 4), labels: tf.tensor1d([0, 1, 1, 0, 1, 0, 0, 1], 'int32') };
  const start = randomMask(mlp, 0.4);
  const options = {
    method: 'force',
    density: 0.5,
    mask: start,
    batch,
    iterations: 3,
    gate: 'shuffle',
  } as const;
  const { mask, report } = await prune(mlp, params, options);
  assert.equal(report.kept, 15);
  tf.dispose([params, batch.images, batch.labels, start, mask]);
});
