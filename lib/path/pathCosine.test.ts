import assert from 'node:assert/strict';
import fc from 'fast-check';
import { initialise, randomFactors, rescale } from '../network';
import { tf } from '../tensor';
import { test } from '../testing';
import { enumeratePaths, pathCosine } from '.';
import { randomMask, randomParams, smallMlp, smallResidual } from './testNetworks';
import { randomNetworks } from './testRandomNetwork';

/** From the paths themselves, batch norm's factors with their statistics in them. */
function byPaths(network: Parameters<typeof pathCosine>[0], ...thetas: Record<string, tf.Tensor>[]): number {
  const [a, b] = thetas.map((theta) =>
    enumeratePaths(network, theta).map(({ value, constant = 1 }) => value * constant),
  );
  const dot = (x: number[], y: number[]) => x.reduce((sum, value, p) => sum + value * y[p], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

test('the cosine of path vectors is that of the paths written out, on every op', () => {
  fc.assert(
    fc.property(randomNetworks, fc.nat(99), (network, seed) => {
      const [a, b] = [seed, seed + 1].map((own) => randomParams(network, { seed: own }));
      const [found, expected] = [pathCosine(network, a, b), byPaths(network, a, b)];
      tf.dispose([a, b]);
      if (Number.isNaN(expected)) assert.ok(Number.isNaN(found));
      else assert.ok(Math.abs(found - expected) < 1e-5, `${found} for ${expected}`); // paths are products in float32
    }),
    { numRuns: 30 },
  );
});

test('it is 1 for one function in another parametrisation, near 0 for a stranger, and not defined without a path', () => {
  for (const network of [smallMlp(true), smallResidual()]) {
    const [params, stranger] = [1, 2].map((seed) => initialise(network, { seed }));
    const other = rescale(network, params, randomFactors(network, { seed: 3, spread: 1 }));
    assert.ok(Math.abs(pathCosine(network, params, other) - 1) < 1e-6);
    assert.ok(Math.abs(pathCosine(network, params, stranger) - pathCosine(network, other, stranger)) < 1e-6);
    assert.equal(pathCosine(network, params, stranger), pathCosine(network, stranger, params));
    assert.ok(Math.abs(pathCosine(network, params, stranger)) < 0.9);
    const mask = randomMask(network, 0);
    const cut = Object.fromEntries(
      Object.entries(params).map(([name, value]) => [
        name,
        mask[name] ? value.mul(mask[name]) : value.clone(),
      ]),
    );
    assert.ok(Number.isNaN(pathCosine(network, params, cut)));
    assert.throws(() => pathCosine(network, params, {}), /invalid other params; .* needs: /);
    tf.dispose([params, stranger, other, mask, cut]);
  }
});
