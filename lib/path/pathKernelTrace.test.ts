import assert from 'node:assert/strict';
import {
  buildNetwork,
  forward,
  graphBuilder,
  initialise,
  kernelsOf,
  linearPass,
  type Network,
  type Params,
} from '../network';
import { mapRecord, tf } from '../tensor';
import { test } from '../testing';
import {
  enumeratePaths,
  l2PathNorm,
  lift,
  pathGradient,
  pathJacobian,
  pathKernel,
  pathKernelTrace,
  type TraceConvention,
} from '.';
import { randomMask, randomParams, smallMlp, smallResidual } from './testNetworks';

function assertClose(actual: number, expected: number, tolerance = 1e-5): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(Math.abs(expected), 1e-6),
    `${actual} is not ${expected}`,
  );
}

const squares = (rows: readonly Float64Array[]) =>
  rows.reduce((total, row) => total + row.reduce((sum, value) => sum + value ** 2, 0), 0);

test('the trace is Σ J² and the trace of J Jᵀ over enumerated paths', () => {
  tf.tidy(() => {
    const network = smallMlp();
    const params = randomParams(network);
    const jacobian = pathJacobian(network, enumeratePaths(network, params));
    const kernel = pathKernel(jacobian);
    const { value, log } = pathKernelTrace(network, params);
    assertClose(value, squares(jacobian.rows));
    assertClose(
      value,
      kernel.reduce((sum, row, p) => sum + row[p], 0),
    );
    assertClose(log, Math.log(value));
  });
});

test('the kernel of two thousand paths is J Jᵀ to the last bit', () => {
  tf.tidy(() => {
    const g = graphBuilder([20]);
    g.dense('out', g.relu('open', g.dense('hidden', g.input, { units: 10 })), { units: 10 });
    const network = g.build('two thousand paths');
    const jacobian = pathJacobian(network, enumeratePaths(network, randomParams(network)));
    const { rows } = jacobian;
    const kernel = pathKernel(jacobian);
    assert.equal(kernel.length, 2000);
    for (let p = 0; p < 2000; p += 97)
      for (let q = 0; q < 2000; q += 7)
        assert.equal(
          kernel[p][q],
          rows[p].reduce((sum, value, i) => sum + value * rows[q][i], 0),
        );
  });
});

test('paths of another network, and matrices beyond memory, are refused', () => {
  tf.tidy(() => {
    const [network, other] = [smallMlp(), smallResidual()];
    const paths = enumeratePaths(network, randomParams(network));
    assert.throws(() => pathJacobian(other, paths), {
      message: 'invalid paths; small-residual has no weight: first/kernel[0]',
    });
    assert.throws(
      () => pathJacobian(network, paths, { parameters: ['first'] }),
      /^InvalidError: invalid parameter; unknown/,
    );
    assert.throws(
      () => pathJacobian(network, network as never),
      /invalid paths; not a list as enumeratePaths gives it/,
    );
    assert.throws(() => pathKernel(paths as never), {
      message: 'invalid jacobian; not what pathJacobian gives: a list',
    });
    assert.throws(() => pathKernel({ columns: [], rows: new Array(20_000).fill(new Float64Array()) }), {
      message:
        'invalid paths; a matrix of 20000 paths × 20000 paths takes more than 2 GiB, mask more weights: 3.0 GiB',
    });
    const many = new Array(10_000_000).fill(paths[0]);
    assert.throws(
      () => pathJacobian(network, many),
      /10000000 paths × 30 weights takes more than 2 GiB, .*: 2\.2 GiB$/,
    );
  });
});

test('J is the derivative of each path value', () => {
  tf.tidy(() => {
    const network = smallMlp();
    const params = randomParams(network);
    const { rows, columns } = pathJacobian(network, enumeratePaths(network, params));
    const column = columns.findIndex(({ name, index }) => name === 'second/kernel' && index === 4);
    const step = 2 ** -10; // path values are linear in each weight: any step is exact up to rounding
    const moved = params['second/kernel'].flatten().arraySync() as number[];
    moved[4] += step;
    const after = enumeratePaths(network, { ...params, 'second/kernel': tf.tensor(moved, [4, 3]) });
    enumeratePaths(network, params).forEach((path, p) => {
      const slope = (after[p].value - path.value) / step;
      assert.ok(Math.abs(slope - rows[p][column]) < 1e-3 * Math.max(1, Math.abs(slope)));
    });
  });
});

test('with pools, batch norm and a mask the trace sums over kept weights and paths', () => {
  tf.tidy(() => {
    const network = smallResidual();
    const params = randomParams(network);
    for (const mask of [undefined, randomMask(network, 0.6)]) {
      const paths = enumeratePaths(network, params, { mask });
      const { rows } = pathJacobian(network, paths);
      const once = rows.map((row, p) => row.map((value) => value * Math.sqrt(paths[p].constant)));
      const policy = { maxPool: 'sum' } as const;
      assertClose(pathKernelTrace(network, params, { mask, policy }).value, squares(once));
      assertClose(
        pathKernelTrace(network, params, { mask, policy: { ...policy, constants: 'power' } }).value,
        squares(pathJacobian(network, paths, { constants: true }).rows),
      );
    }
  });
});

test('the parts per layer add up to the trace', () => {
  tf.tidy(() => {
    const network = smallResidual();
    const { value, perLayer } = pathKernelTrace(network, randomParams(network));
    assert.deepEqual(
      perLayer.map(({ layer }) => layer),
      ['stem', 'branch', 'shortcut', 'out'],
    );
    assertClose(
      perLayer.reduce((sum, { log }) => sum + Math.exp(log), 0),
      value,
    );
    assertClose(
      perLayer.reduce((sum, { share }) => sum + share, 0),
      1,
    );
  });
});

test('θ² times the gradient sums to the L2 norm in every layer of a chain', () => {
  tf.tidy(() => {
    const network = smallMlp();
    const params = randomParams(network);
    const { gradients, norm } = pathGradient(network, params, 2, { weight: 2 });
    assertClose(norm.value, l2PathNorm(network, params).value, 1e-15);
    for (const { name } of kernelsOf(network))
      assertClose(
        gradients[name].reduce((sum, score) => sum + score, 0),
        norm.value,
        1e-13,
      );
  });
});

/** Σ_i ∂R/∂s_i by central differences in float32, R a function of the squared parameters. */
function slopeSum(network: Network, squared: Params, norm: (s: Params) => number): number {
  const step = 2 ** -6;
  return network.parameters
    .filter(({ role }) => role !== 'mean' && role !== 'variance')
    .reduce((total, { name }) => {
      const at = (h: number) => norm({ ...squared, [name]: squared[name].add(h) });
      return total + (at(step) - at(-step)) / (2 * step);
    }, 0);
}

test('as published, the trace runs over all trained parameters with biases and shifts in the network', () => {
  tf.tidy(() => {
    for (const network of [smallMlp(true), smallResidual()]) {
      const params = randomParams(network, { shifts: true });
      const squared = lift(network, params, 2);
      const norm = (s: Params) =>
        linearPass(network, s, tf.ones([1, ...network.input]), 2, { biases: true })
          .sum()
          .dataSync()[0];
      const { value, perLayer } = pathKernelTrace(network, params, { convention: 'as-published' });
      assertClose(value, slopeSum(network, squared, norm), 0.05);
      const bias = perLayer.find(({ name }) => name === 'third/bias');
      if (bias) assertClose(Math.exp(bias.log), network.classes);
    }
  });
});

test('as published in training, batch norm takes the statistics of an image of ones', () => {
  tf.tidy(() => {
    const network = smallResidual();
    const params = randomParams(network, { shifts: true });
    const norm = (s: Params) =>
      forward(network, s, tf.ones([1, 4, 4, 1]), { mode: 'training' })
        .sum()
        .dataSync()[0];
    const { value } = pathKernelTrace(network, params, { convention: 'as-published-training' });
    assertClose(value, slopeSum(network, lift(network, params, 2), norm), 0.1);
    assert.notEqual(value, pathKernelTrace(network, params, { convention: 'as-published' }).value);
  });
});

test('without biases and batch norm the two published modes agree', () => {
  tf.tidy(() => {
    const network = smallMlp(true);
    const params = randomParams(network, { shifts: true });
    const trace = (convention: TraceConvention) => pathKernelTrace(network, params, { convention }).value;
    assertClose(trace('as-published-training'), trace('as-published'));
  });
});

test('the trace of ResNet-110 is a finite logarithm', () => {
  tf.tidy(() => {
    const network = buildNetwork('resnet110', { input: [8, 8, 3] });
    const { log, perLayer } = pathKernelTrace(network, initialise(network, { seed: 1 }));
    assert.ok(Number.isFinite(log));
    assert.ok(perLayer.every((row) => Number.isFinite(row.log)));
  });
});

test('unknown conventions and masks of other networks are refused', () => {
  tf.tidy(() => {
    const network = smallMlp();
    const params = randomParams(network);
    const convention = 'published' as TraceConvention;
    assert.throws(
      () => pathKernelTrace(network, params, { convention }),
      /invalid convention; unknown, did you mean/,
    );
    assert.throws(
      () => pathKernelTrace(network, params, { mask: randomMask(smallResidual(), 1) }),
      /invalid mask/,
    );
  });
});

test('as published, ReLUs stay in the network: biases before dead units count for nothing', () => {
  tf.tidy(() => {
    const network = smallMlp(true);
    const params = randomParams(network);
    const mask = mapRecord(randomMask(network, 0.5), (bits, name) =>
      name === 'third/kernel' ? tf.onesLike(bits) : tf.zerosLike(bits),
    );
    const { value } = pathKernelTrace(network, params, { mask, convention: 'as-published' });
    assertClose(value, network.classes); // the biases of the outputs alone
  });
});
