import assert from 'node:assert/strict';
import fc from 'fast-check';
import { symmetricEigen } from '../linalg';
import { pathKernelTrace } from '../path';
import { randomMask, randomParams, smallMlp, smallResidual } from '../path/testNetworks';
import { randomNetworks } from '../path/testRandomNetwork';
import { mapRecord, tf } from '../tensor';
import { test } from '../testing';
import { normalTensor } from '../testing/finiteDifferences';
import { empiricalNtk } from './empiricalNtk';
import { tangentSpectrum } from './tangentSpectrum';
import { tangentTrace } from './tangentTrace';

test('the kernels of the trainable weights and of the frozen ones sum to that of all, by either way', async () => {
  const property = fc.asyncProperty(
    randomNetworks,
    fc.constantFrom('layers' as const, 'rows' as const),
    fc.boolean(),
    fc.nat(99),
    async (network, implementation, isMasked, seed) => {
      const params = randomParams(network, { seed, shifts: true });
      const xs = normalTensor([4, ...network.input], seed);
      const mask = isMasked ? randomMask(network, 0.7, seed) : undefined;
      const trainable = randomMask(network, 0.5, seed + 1);
      const frozen = tf.tidy(() => mapRecord(trainable, (bits) => tf.scalar(1).sub(bits)));
      const of = async (part?: typeof frozen) => {
        const options = { mask, trainable: part, implementation, precision: 'double' } as const;
        return (await empiricalNtk(network, params, xs, null, options)).values;
      };
      const [one, other, all] = [await of(trainable), await of(frozen), await of()];
      const largest = all.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      all.forEach((value, i) => {
        assert.ok(Math.abs(one[i] + other[i] - value) <= 1e-12 * largest, `entry ${i}`);
      });
      tf.dispose([params, xs, mask ?? {}, trainable, frozen]);
    },
  );
  await fc.assert(property, { numRuns: 15, seed: 4 });
});

test('trace and spectrum of the trainable weights are those of their kernel', async () => {
  const network = smallResidual();
  const params = randomParams(network, { shifts: true });
  const xs = normalTensor([4, ...network.input], 1);
  const trainable = randomMask(network, 0.6);
  const { values } = await empiricalNtk(network, params, xs, null, { trainable, precision: 'double' });
  const expected = symmetricEigen(values).values;
  const trace = await tangentTrace(network, params, xs, { trainable });
  const sum = expected.reduce((total, value) => total + value, 0);
  assert.ok(Math.abs(trace.value - sum) <= 1e-11 * sum);
  const { eigenvalues } = await tangentSpectrum(network, params, xs, { trainable, k: 3, probes: 0 });
  eigenvalues.forEach(({ value }, i) => {
    assert.ok(Math.abs(value - expected[i]) <= 1e-8 * expected[0]);
  });
  tf.dispose([params, xs, trainable]);
});

test('the traces of the trainable weights and of the frozen ones sum to the dense one, layer by layer', () => {
  for (const network of [smallMlp(), smallResidual()]) {
    const params = randomParams(network);
    const trainable = randomMask(network, 0.5);
    const frozen = tf.tidy(() => mapRecord(trainable, (bits) => tf.scalar(1).sub(bits)));
    const [one, other, all] = [{ trainable }, { trainable: frozen }, {}].map((options) =>
      pathKernelTrace(network, params, options),
    );
    assert.ok(Math.abs(one.value + other.value - all.value) <= 1e-12 * all.value);
    all.perLayer.forEach(({ log, name }, i) => {
      const parts = Math.exp(one.perLayer[i].log) + Math.exp(other.perLayer[i].log);
      assert.ok(Math.abs(parts - Math.exp(log)) <= 1e-12 * Math.exp(log), name);
    });
    // Of a mask that prunes as well, only what both keep is counted.
    const both = pathKernelTrace(network, params, { mask: trainable, trainable });
    assert.equal(both.log, pathKernelTrace(network, params, { mask: trainable }).log);
    tf.dispose([params, trainable, frozen]);
  }
});

test('what is trainable has to fit the network', () => {
  const network = smallMlp();
  const params = randomParams(network);
  const halves = tf.tidy(() => mapRecord(randomMask(network, 0.5), (bits) => tf.onesLike(bits).mul(0.5)));
  assert.throws(
    () => pathKernelTrace(network, params, { trainable: halves }),
    /invalid trainable; entries other than 0 and 1: first\/kernel/,
  );
  assert.throws(() => pathKernelTrace(network, params, { trainable: {} }), /invalid trainable; /);
  tf.dispose([params, halves]);
});
