import assert from 'node:assert/strict';
import { symmetricEigen } from '../linalg';
import { randomMask, randomParams, smallMlp, smallResidual } from '../path/testNetworks';
import { tf } from '../tensor';
import { test } from '../testing';
import { normalTensor } from '../testing/finiteDifferences';
import { empiricalNtk } from './empiricalNtk';
import { tangentSpectrum } from './tangentSpectrum';
import { tangentTrace } from './tangentTrace';

function assertNear(found: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(found - expected) <= tolerance * Math.abs(expected), `${found} is not ${expected}`);
}

for (const isMasked of [false, true])
  test(`products with the kernel find the eigenvalues of the dense one${isMasked ? ', of a masked network' : ''}`, async () => {
    const network = smallResidual();
    const params = randomParams(network, { seed: 3, shifts: true });
    const mask = isMasked ? randomMask(network, 0.7) : undefined;
    const xs = normalTensor([9, ...network.input], 8);
    const options = { parameters: 'all', mask } as const;
    const dense = await empiricalNtk(network, params, xs, null, { ...options, precision: 'double' });
    const { values } = symmetricEigen(dense.values);
    const found = await tangentSpectrum(network, params, xs, { ...options, k: 3, vectors: true, batch: 4 });
    found.eigenvalues.forEach(({ value, multiplicity }, i) => {
      assertNear(value, values[i], 1e-8);
      assert.equal(multiplicity, 1);
    });
    found.eigenvectors.forEach((vector, j) => {
      const row = (i: number) => dense.values.subarray(i * 18, i * 18 + 18);
      vector.forEach((entry, i) => {
        const product = row(i).reduce((sum, value, l) => sum + value * vector[l], 0);
        assert.ok(Math.abs(product - values[j] * entry) < 1e-6 * values[0]);
      });
    });
    const positive = [...values].filter((value) => value > 1e-12 * values[0]);
    const trace = positive.reduce((sum, value) => sum + value, 0);
    const squares = positive.reduce((sum, value) => sum + value ** 2, 0);
    const entropy = positive.reduce((sum, value) => sum - (value / trace) * Math.log(value / trace), 0);
    assertNear(found.trace.value, trace, 1e-12);
    const expected = {
      frobenius: Math.sqrt(squares),
      participationRatio: trace ** 2 / squares,
      effectiveRank: Math.exp(entropy),
    };
    for (const [name, value] of Object.entries(expected)) {
      const { estimate, low, high } = found[name as keyof typeof expected]!;
      assert.ok(low <= estimate && estimate <= high, `${name}: ${low}, ${estimate}, ${high}`);
      assertNear(estimate, value, 0.02);
    }
    tf.dispose([params, mask ?? {}, xs]);
  });

test('intervals hold the true norm about as often as they say', async () => {
  const network = smallMlp(true);
  const params = randomParams(network, { seed: 1 });
  const xs = normalTensor([12, 3], 2);
  const dense = await empiricalNtk(network, params, xs, null, { precision: 'double' });
  const norm = Math.sqrt(dense.values.reduce((sum, value) => sum + value ** 2, 0));
  let held = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const { frobenius } = await tangentSpectrum(network, params, xs, { k: 1, probes: 6, steps: 6, seed });
    if (frobenius!.low <= norm && norm <= frobenius!.high) held++;
  }
  assert.ok(held >= 16, `${held} of 20`);
  tf.dispose([params, xs]);
});

test('the trace is that of the dense kernel, parameter by parameter, however much memory there is', async () => {
  const network = smallResidual();
  const params = randomParams(network, { seed: 5, shifts: true });
  const xs = normalTensor([7, ...network.input], 8);
  const whole = await tangentTrace(network, params, xs, { parameters: 'all' });
  const parts = await tangentTrace(network, params, xs, { parameters: 'all', memory: 2e4 });
  const { values } = await empiricalNtk(network, params, xs, null, {
    ...{ parameters: 'all', precision: 'double', implementation: 'rows' },
  });
  const diagonal = Array.from({ length: 14 }, (_, i) => values[i * 15]);
  assertNear(
    whole.value,
    diagonal.reduce((sum, value) => sum + value, 0),
    1e-12,
  );
  assert.deepEqual(Object.keys(whole.parts), Object.keys(parts.parts));
  for (const [name, part] of Object.entries(whole.parts)) assertNear(parts.parts[name], part, 1e-12);
  assertNear(
    (await tangentTrace(network, params, xs, { precision: 'single' })).value,
    whole.value - others(whole.parts),
    1e-5,
  );
  await assert.rejects(tangentTrace(network, params, xs, { memory: 100 }), /invalid memory; less than/);
  await assert.rejects(
    tangentSpectrum(network, params, xs, { k: 15 }),
    /invalid k; not a whole number from 1 to 14: 15/,
  );
  await assert.rejects(tangentSpectrum(network, params, xs, { probes: 1 }), /invalid probes/);
  tf.dispose([params, xs]);
});

/** What is not of kernels. */
const others = (parts: Record<string, number>) =>
  Object.entries(parts).reduce((sum, [name, part]) => (name.endsWith('/kernel') ? sum : sum + part), 0);
