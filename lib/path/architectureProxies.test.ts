import assert from 'node:assert/strict';
import { fcFamily, initialise, kernelsOf } from '../network';
import { tf } from '../tensor';
import { test } from '../testing';
import { architectureProxies, countPaths, pathKernelTrace } from '.';
import { smallResidual } from './testNetworks';

test('a family has every depth, width and shortcut once, without shortcuts where there are none to add', () => {
  const family = fcFamily({ depths: [1, 3], widths: [4, 8], input: [6], classes: 3 });
  const rows = family.map(({ depth, width, skip, network }) => [depth, width, skip, network.name]);
  assert.deepEqual(rows, [
    [1, 4, false, '1 × 4'],
    [1, 8, false, '1 × 8'],
    [3, 4, false, '3 × 4'],
    [3, 4, true, '3 × 4 + skip'],
    [3, 8, false, '3 × 8'],
    [3, 8, true, '3 × 8 + skip'],
  ]);
  // 6 · w · (1 + w)² · 3 paths with two shortcuts: each hidden layer but the first is gone through or round.
  assert.deepEqual(
    family.map(({ network }) => Number(countPaths(network).count)),
    [72, 144, 1152, 1800, 9216, 11664],
  );
  for (const [options, message] of [
    [{ depths: [] }, 'depths; not a list of one or more different ones: []'],
    [{ widths: [4, 4] }, 'widths; not a list of one or more different ones: [4, 4]'],
    [{ skips: true as never }, 'skips; not a list of one or more different ones: true'],
    [{ depths: [0] }, 'depths; not hidden layers of 1 or more: 0'],
  ] as const)
    assert.throws(() => fcFamily({ input: [6], ...options }), { message: `invalid ${message}` });
});

test('proxies are means of logarithms over initialisations, with weights and layers counted', () => {
  const [{ network }] = fcFamily({ depths: [2], widths: [4], skips: [true], input: [6], classes: 3 });
  const networks = [network, smallResidual()];
  const [first, second] = architectureProxies(networks, { seeds: [4, 9] });
  assert.deepEqual([first.name, first.parameters, first.depth], ['2 × 4 + skip', 52, 3]);
  assert.deepEqual([second.name, second.parameters, second.depth], ['small-residual', 18 + 36 + 4 + 4, 3]);
  const logs = [4, 9].map((seed) => {
    const params = initialise(networks[1], { seed });
    const { log } = pathKernelTrace(networks[1], params);
    tf.dispose(params);
    return log;
  });
  assert.deepEqual(
    second.bySeed.map(({ logTrace }) => logTrace),
    logs,
  );
  assert.equal(second.logTrace, (logs[0] + logs[1]) / 2);
  assert.equal(kernelsOf(networks[1]).length, 4);
});

test('too few networks, one name for two, and no seed are refused', () => {
  const [a, b] = fcFamily({ depths: [1], widths: [4, 8], input: [6], classes: 3 }).map(
    ({ network }) => network,
  );
  for (const [f, message] of [
    [() => architectureProxies([a]), 'networks; not at least 2 to rank: 1'],
    [() => architectureProxies([a, b, a]), 'networks; a name comes twice: 1 × 4'],
    [() => architectureProxies([a, b], { seeds: [] }), 'seeds; none to initialise by: []'],
  ] as const)
    assert.throws(f, { message: `invalid ${message}` });
});
