import assert from 'node:assert/strict';
import { forward, initialise, kernelsOf, type Network, type Params, resnet20 } from '../network';
import { mapRecord, tf, valueAndGradients } from '../tensor';
import { test } from '../testing';
import { enumeratePaths, pathGradient, type UnitFlow, unitFlows } from '.';
import { randomParams, smallMlp, smallResidual } from './testNetworks';

/** |θ|^power ∂R/∂s of the parameters named; all kernels by default. */
function pathScores(
  network: Network,
  params: Params,
  power: 1 | 2,
  { biases = false, names }: { biases?: boolean; names?: string[] } = {},
): Record<string, Float64Array> {
  return pathGradient(network, params, power, { names, policy: { biases }, weight: power }).gradients;
}

function assertConserved(flows: readonly UnitFlow[], units: number): void {
  assert.equal(flows.length, units);
  for (const { layer, channel, into, out } of flows) {
    assert.ok(Math.abs(into) > 0, `nothing into ${layer} ${channel}`);
    assert.ok(Math.abs(into - out) <= 1e-12 * Math.abs(into), `${layer} ${channel}: ${into} in, ${out} out`);
  }
}

test('what goes in and out of a unit is the sum of |v_p| over the enumerated paths through it', () => {
  tf.tidy(() => {
    const network = smallMlp();
    const params = randomParams(network);
    const paths = enumeratePaths(network, params);
    const flows = unitFlows(network, pathScores(network, params, 1));
    assertConserved(flows, 7);
    const widths: Record<string, number> = { first: 4, second: 3 };
    for (const { layer, channel, into } of flows) {
      const through = paths
        .filter(({ weights }) =>
          weights.some(({ name, index }) => name === `${layer}/kernel` && index % widths[layer] === channel),
        )
        .reduce((sum, { value }) => sum + Math.abs(value), 0);
      assert.ok(Math.abs(into - through) < 1e-6 * through, `${into} is not ${through}`);
    }
  });
});

test('scores of path norms are conserved through convolutions, batch norm, pools and shortcuts', () => {
  tf.tidy(() => {
    const network = smallResidual();
    const params = randomParams(network);
    for (const power of [1, 2] as const) {
      assertConserved(unitFlows(network, pathScores(network, params, power)), 4);
      // γ and the shortcut's scale are weights on the paths too, and part the units before and behind them.
      const names = network.parameters
        .filter(({ role }) => ['kernel', 'gamma', 'scale'].includes(role))
        .map(({ name }) => name);
      assertConserved(unitFlows(network, pathScores(network, params, power, { names })), 10);
    }
  });
});

test('all that an identity shortcut adds up is one unit; with weights on the shortcuts each block has its own', () => {
  tf.tidy(() => {
    const options = { input: [8, 8, 1], classes: 3 };
    const plain = resnet20(options);
    const flows = unitFlows(plain, pathScores(plain, initialise(plain, { seed: 1 }), 1));
    // A trunk of 16, 32 and 64 channels, and within each of three blocks a stage as many.
    assertConserved(flows, 4 * (16 + 32 + 64));
    const weighted = resnet20({ ...options, identityWeights: true });
    const names = weighted.parameters
      .filter(({ role }) => role === 'kernel' || role === 'scale')
      .map(({ name }) => name);
    const scores = pathScores(weighted, initialise(weighted, { seed: 1 }), 1, { names });
    // Every block now ends in a unit of its own; the stem is one more.
    assertConserved(unitFlows(weighted, scores), 16 + 6 * (16 + 32 + 64));
  });
});

test('biases that add to R count as something that leads into their unit', () => {
  tf.tidy(() => {
    const network = smallMlp(true);
    const params = randomParams(network, { shifts: true });
    const names = network.parameters.map(({ name }) => name);
    const scores = pathScores(network, params, 1, { biases: true, names });
    assertConserved(unitFlows(network, scores), 7);
    const kernels = Object.fromEntries(kernelsOf(network).map(({ name }) => [name, scores[name]]));
    for (const { into, out } of unitFlows(network, kernels)) assert.ok(into < 0.99 * out);
  });
});

test('θ ⊙ ∂R/∂θ is conserved for any function R of the outputs, with its sign', () => {
  tf.tidy(() => {
    const network = smallMlp();
    const params = randomParams(network, { seed: 3 });
    const x = tf.tensor2d([1, 0.5, -1, 0.2, 2, 1], [2, 3]);
    const { gradients } = valueAndGradients(
      (at) =>
        forward(network, { ...params, ...at }, x)
          .square()
          .sum(),
      Object.fromEntries(kernelsOf(network).map(({ name }) => [name, params[name]])),
    );
    const signed = mapRecord(gradients, (gradient, name) => gradient.mul(params[name]));
    for (const { into, out } of unitFlows(network, signed)) assert.ok(Math.abs(into - out) < 1e-4);
    const sizes = mapRecord(signed, (score) => score.abs());
    assert.ok(unitFlows(network, sizes).some(({ into, out }) => Math.abs(into - out) > 0.1 * out));
  });
});

test('scores that are not of the network are refused', () => {
  tf.tidy(() => {
    const network = smallMlp();
    const scores = pathScores(network, randomParams(network), 1);
    const { 'second/kernel': _, ...rest } = scores;
    assert.throws(
      () => unitFlows(network, rest),
      /invalid scores; no tensor second\/kernel, expected one of/,
    );
    assert.throws(
      () => unitFlows(network, { ...scores, seconds: scores['second/kernel'] }),
      /invalid scores; the network has no such tensor, the nearest are second\/kernel/,
    );
    const residual = smallResidual();
    const every = Object.fromEntries(
      residual.parameters.map(({ name, shape }) => [name, tf.ones([...shape])]),
    );
    assert.throws(
      () => unitFlows(residual, every),
      /invalid scores; no running statistic has one: norm\/mean/,
    );
  });
});
