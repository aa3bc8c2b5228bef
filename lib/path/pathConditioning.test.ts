import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Network, type Params, parameterShapes, rescalableUnits, rescale } from '../network';
import { tf } from '../tensor';
import { test } from '../testing';
import { countPaths } from './countPaths';
import { l2PathNorm } from './l2PathNorm';
import { pathConditioning } from './pathConditioning';
import { pathGradient } from './pathGradient';
import { pathKernelTrace } from './pathKernelTrace';
import { randomMask, randomParams, smallMlp } from './testNetworks';
import { randomNetworks } from './testRandomNetwork';

const policy = { batchNorm: 'fold' } as const;

function assertNear(found: number, expected: number, tolerance: number, what: string): void {
  assert.ok(
    Math.abs(found - expected) <= tolerance * Math.abs(expected),
    `${what}: ${found} is not ${expected}`,
  );
}

/** By unit, the sums of diag G over the weights that lead into it and on from it, and how many they are. */
function sides(network: Network, params: Params) {
  const { gradients } = pathGradient(network, params, 2, { policy });
  const shapes = parameterShapes(network);
  const groupsOf = new Map(network.parameters.map(({ name, groups = 1 }) => [name, groups]));
  const along = (layer: string, channel: number, side: 'incoming' | 'outgoing') => {
    const name = `${layer}/kernel`;
    const [inputs, outputs] = (shapes[name] ?? [0, 0]).slice(-2);
    const groups = groupsOf.get(name) ?? 1;
    const own = [...(gradients[name] ?? [])].filter((_, index) => {
      const output = index % outputs;
      const input = Math.floor((output * groups) / outputs) * inputs + (Math.floor(index / outputs) % inputs);
      return channel === (side === 'incoming' ? output : input);
    });
    return { sum: own.reduce((all, value) => all + value, 0), count: own.length };
  };
  return rescalableUnits(network).map((unit) => {
    const [into, on] = (['incoming', 'outgoing'] as const).map((side) =>
      unit[side]
        .map(({ layer, channel }) => along(layer, channel, side))
        .reduce((a, b) => ({ sum: a.sum + b.sum, count: a.count + b.count }), { sum: 0, count: 0 }),
    );
    return { into, on };
  });
}

test('on random networks the minimum is one: each unit has the share of the trace that its weights are of all', () => {
  fc.assert(
    fc.property(randomNetworks, fc.nat(99), (network, seed) => {
      const { count } = countPaths(network);
      if (count === 0n || count > 3000n) return;
      tf.tidy(() => {
        const params = randomParams(network, { seed });
        const found = pathConditioning(network, params);
        assert.ok(found.objective.after <= found.objective.before + 1e-9 * Math.abs(found.objective.before));
        const even = rescale(network, params, found.factors);
        const [before, after] = [params, even].map((of) => pathKernelTrace(network, of, { policy }).value);
        assertNear(found.trace.before, before, 1e-12, 'trace before');
        assertNear(found.trace.after, after, 1e-5, 'trace after');
        const [norm, same] = [params, even].map((of) => l2PathNorm(network, of, { policy }).value);
        assertNear(same, norm, 1e-5, 'path norm');
        const { gradients } = pathGradient(network, even, 2, { policy });
        const diagonal = Object.values(gradients).flatMap((values) => [...values]);
        if (diagonal.some((value) => value === 0)) return; // not all weights are counted
        // n ∂ ln Σ g / ∂z = ∂ Σ Bz / ∂z
        for (const { into, on } of sides(network, even)) {
          if (into.count === 0 && on.count === 0) continue;
          const slope = (diagonal.length * (on.sum - into.sum)) / after - (on.count - into.count);
          assert.ok(Math.abs(slope) < 1e-4 * diagonal.length, `slope ${slope} of ${diagonal.length}`);
        }
      });
    }),
    { numRuns: 40, seed: 2 },
  );
});

test('under a mask only kept weights are counted, and a unit that no path goes through keeps its size', () => {
  const network = smallMlp();
  const params = randomParams(network, { seed: 5 });
  const { 'second/kernel': drawn, ...others } = randomMask(network, 0.9, 3);
  const mask = {
    ...others,
    'second/kernel': tf.tensor2d([1, 1, 1, 1, 0, 0, 1, 0, 1, 0, 1, 1], [4, 3]),
  };
  const cut = tf.tidy(() => tf.tensor2d([1, 1, 1, 1, 0, 0], [3, 2]));
  const dead = { ...mask, 'third/kernel': cut };
  const { factors, trace } = pathConditioning(network, params, { mask: dead });
  assert.equal(factors.second[2], 1);
  assert.notEqual(factors.second[0], 1);
  const even = rescale(network, params, factors);
  assertNear(trace.after, pathKernelTrace(network, even, { mask: dead }).value, 1e-5, 'trace after');
  const none = { ...mask, 'third/kernel': tf.zerosLike(cut) };
  assert.throws(() => pathConditioning(network, params, { mask: none }), {
    message: 'invalid conditioning; no path is left in: small-mlp',
  });
  assert.throws(
    () => pathConditioning(network, params, { policy: { batchNorm: 'skip' } as object }),
    /policy; unknown/,
  );
  tf.dispose([params, drawn, mask, dead, none, even]);
});
