import assert from 'node:assert/strict';
import { forward, type Network, type Params } from '../network';
import { tf } from '../tensor';
import { test } from '../testing';
import { normalTensor } from '../testing/finiteDifferences';
import {
  countPaths,
  enumeratedPolicy,
  enumeratePaths,
  l1PathNorm,
  l2PathNorm,
  type Path,
  pathActivity,
  pathKernelTrace,
} from '.';
import { randomMask, randomParams, smallMlp, smallResidual } from './testNetworks';

function assertClose(actual: number, expected: number, tolerance = 1e-5): void {
  const size = Math.max(Math.abs(expected), 1e-6);
  assert.ok(Math.abs(actual - expected) <= tolerance * size, `${actual} is not ${expected}`);
}

const sum = (paths: readonly Path[], of: (path: Path) => number) =>
  paths.reduce((total, path) => total + of(path), 0);

/** Both networks, with and without a mask. */
function eachCase(body: (network: Network, params: Params, mask?: Params) => void): void {
  for (const network of [smallMlp(), smallResidual()])
    for (const isMasked of [false, true])
      tf.tidy(() => {
        const params = randomParams(network);
        body(network, params, isMasked ? randomMask(network, 0.5) : undefined);
      });
}

test('a network of 3, 4, 3 and 2 units has 3 · 4 · 3 · 2 paths', () => {
  const network = smallMlp();
  assert.equal(countPaths(network).count, 72n);
  assertClose(countPaths(network).log, Math.log(72));
});

test('as many paths are listed as are counted, with and without a mask', () => {
  eachCase((network, params, mask) => {
    assert.equal(
      BigInt(enumeratePaths(network, params, { mask }).length),
      countPaths(network, { mask }).count,
    );
  });
});

test('a mask of ones counts as no mask', () => {
  tf.tidy(() => {
    const network = smallResidual();
    const ones = randomMask(network, 100);
    assert.equal(countPaths(network, { mask: ones }).count, countPaths(network).count);
  });
});

test('an empty mask leaves no path', () => {
  tf.tidy(() => {
    const network = smallResidual();
    assert.deepEqual(countPaths(network, { mask: randomMask(network, 0) }), {
      count: 0n,
      log: Number.NEGATIVE_INFINITY,
    });
  });
});

test('the outputs are the sum over open paths of value times input', () => {
  eachCase((network, params, mask) => {
    const masked = mask ? { ...params } : params;
    for (const name of Object.keys(mask ?? {})) masked[name] = params[name].mul(mask![name]);
    const x = normalTensor([3, ...network.input], 77);
    const paths = enumeratePaths(network, params, { mask });
    const activity = pathActivity(network, masked, paths, x);
    const outputs = forward(network, masked, x).arraySync();
    const inputs = x.reshape([3, -1]).arraySync() as number[][];
    outputs.forEach((row, sample) => {
      row.forEach((value, k) => {
        const total = paths.reduce(
          (f, { output, input, value: v, constant }, p) =>
            output === k ? f + activity[sample][p] * constant * v * inputs[sample][input] : f,
          0,
        );
        assertClose(total, value, 1e-4);
      });
    });
  });
});

test('gates follow biases and shifts too', () => {
  tf.tidy(() => {
    const network = smallMlp(true);
    const params = randomParams(network, { shifts: true });
    const paths = enumeratePaths(network, params);
    const x = normalTensor([1, 3], 5);
    const hidden = x
      .matMul(params['first/kernel'] as tf.Tensor2D)
      .add(params['first/bias'])
      .dataSync();
    const [activity] = pathActivity(network, params, paths, x);
    paths.forEach(({ gates }, p) => {
      if (activity[p] === 1) assert.ok(hidden[gates[0].from] > 0);
    });
    assert.ok(activity.some((a) => a === 1) && activity.some((a) => a === 0));
  });
});

test('path norms are sums over the paths', () => {
  eachCase((network, params, mask) => {
    const paths = enumeratePaths(network, params, { mask });
    const every = { mask, policy: { maxPool: 'sum' } } as const;
    assertClose(
      l1PathNorm(network, params, every).value,
      sum(paths, ({ value, constant }) => constant * Math.abs(value)),
    );
    assertClose(
      l2PathNorm(network, params, every).value,
      sum(paths, ({ value, constant }) => constant * value ** 2),
    );
    assertClose(
      l2PathNorm(network, params, { mask, policy: { maxPool: 'sum', constants: 'power' } }).value,
      sum(paths, ({ value, constant }) => (constant * value) ** 2),
    );
  });
});

test('a path norm at an input weighs each path by the coordinate it starts from', () => {
  tf.tidy(() => {
    const network = smallMlp();
    const params = randomParams(network);
    const input = tf.tensor2d([[0.5, 2, 0]]);
    const paths = enumeratePaths(network, params);
    assertClose(
      l1PathNorm(network, params, { input }).value,
      sum(paths, (path) => Math.abs(path.value) * [0.5, 2, 0][path.input]),
    );
  });
});

test('the norm of a network without a path is 0, its logarithm −Infinity', () => {
  tf.tidy(() => {
    const network = smallResidual();
    const params = randomParams(network);
    assert.deepEqual(l1PathNorm(network, params, { mask: randomMask(network, 0) }), {
      log: Number.NEGATIVE_INFINITY,
      value: 0,
    });
  });
});

test('more paths than the limit are refused with their number', () => {
  tf.tidy(() => {
    const network = smallMlp();
    assert.throws(() => enumeratePaths(network, randomParams(network), { limit: 71 }), {
      message: 'invalid network; more than 71 paths to enumerate: 72',
    });
  });
});

test('a policy of which not all is said means for the listing what it means for a norm', () => {
  eachCase((network, params, mask) => {
    for (const policy of [{}, { batchNorm: 'skip' }, { maxPool: 'max' }, { constants: 'power' }] as const)
      assertClose(
        l1PathNorm(network, params, { mask, policy }).value,
        sum(
          enumeratePaths(network, params, { mask, policy }),
          ({ value, constant }) => constant * Math.abs(value),
        ),
      );
  });
});

test('of a max pool only the paths through the largest entries are listed, and the limit is of those', () => {
  tf.tidy(() => {
    const network = smallResidual();
    const params = randomParams(network);
    const all = enumeratePaths(network, params);
    const policy = { maxPool: 'max' } as const;
    const largest = enumeratePaths(network, params, { policy });
    const through = (paths: readonly Path[]) =>
      new Set(
        paths.flatMap(({ gates }) => gates.filter(({ node }) => node === 'pool').map(({ from }) => from)),
      );
    assert.equal(through(all).size, 4 * through(largest).size);
    assert.equal(enumeratePaths(network, params, { policy, limit: largest.length }).length, largest.length);
    assert.throws(
      () => enumeratePaths(network, params, { policy, limit: largest.length - 1 }),
      new RegExp(`: ${largest.length}$`),
    );
  });
});

test('paths past a batch norm have neither its weights nor its factor', () => {
  tf.tidy(() => {
    const network = smallResidual();
    const paths = enumeratePaths(network, randomParams(network), {
      policy: { ...enumeratedPolicy, batchNorm: 'skip' },
    });
    assert.ok(paths.every(({ weights }) => weights.every(({ name }) => !name.endsWith('gamma'))));
  });
});

test('options, powers and policies that there are not are refused, biases too', () => {
  tf.tidy(() => {
    const network = smallMlp();
    const params = randomParams(network);
    const refused: [object, RegExp][] = [
      [{ limits: 3 }, /invalid options of enumeratePaths; unknown, did you mean limit, /],
      [{ power: 3 }, /invalid power; not 1, 2 or 4: 3/],
      [{ policy: { biases: true } }, /invalid policy; biases begin no path to enumerate/],
    ];
    for (const [options, says] of refused)
      assert.throws(() => enumeratePaths(network, params, options), says);
    const policies: [object, RegExp][] = [
      [{ batchnorm: 'skip' }, /invalid options of a policy; unknown, did you mean batchNorm, /],
      [{ maxPool: 'mean' }, /invalid policy; maxPool not max or sum: mean/],
      [{ biases: 'no' }, /invalid policy; biases not false or true: no/],
    ];
    for (const [policy, says] of policies)
      for (const f of [enumeratePaths, l1PathNorm, pathKernelTrace])
        if (!('biases' in policy) || f !== pathKernelTrace)
          assert.throws(() => f(network, params, { policy }), says);
  });
});
