import assert from 'node:assert/strict';
import { symmetricEigenvalues } from '../linalg';
import { randomFactors, rescale } from '../network';
import { tf } from '../tensor';
import { test } from '../testing';
import { enumeratePaths } from './enumeratePaths';
import { pathJacobian } from './pathJacobian';
import { pathKernelSpectrum } from './pathKernelSpectrum';
import { randomParams, smallMlp } from './testNetworks';

test('a rescaling makes G that of J with each column times θ / θ′: another trace and other eigenvalues of one function', async () => {
  const network = smallMlp();
  const params = randomParams(network, { seed: 4 });
  const after = rescale(network, params, randomFactors(network, { seed: 2, exact: true }));
  const { columns, rows } = pathJacobian(network, enumeratePaths(network, params));
  const ratio = columns.map(
    ({ name, index }) => params[name].dataSync()[index] / after[name].dataSync()[index],
  );
  const scaled = rows.map((row) => row.map((entry, i) => entry * ratio[i]));
  const size = columns.length;
  const gram = Float64Array.from({ length: size * size }, (_, place) => {
    const [i, j] = [Math.floor(place / size), place % size];
    return scaled.reduce((sum, row) => sum + row[i] * row[j], 0);
  });
  const expected = symmetricEigenvalues(gram);
  const options = { k: 3, probes: 0 };
  const [before, found] = [
    await pathKernelSpectrum(network, params, options),
    await pathKernelSpectrum(network, after, options),
  ];
  let place = 0;
  for (const { value, multiplicity } of found.eigenvalues) {
    assert.ok(Math.abs(value / expected[place] - 1) < 1e-8, `${value} is not ${expected[place]}`);
    place += multiplicity;
  }
  assert.ok(Math.abs(found.spectralNorm / before.spectralNorm - 1) > 0.1);
  assert.ok(Math.abs(found.trace.value / before.trace.value - 1) > 0.1);
  assert.deepEqual(found.rank, before.rank);
  tf.dispose([params, after]);
});
