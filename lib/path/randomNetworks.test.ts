import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  forward,
  fromLayersModel,
  fromPytorch,
  gatedPass,
  kernelsOf,
  type LinearPolicy,
  linearPass,
  linearTangent,
  type Network,
  type Node,
  type Params,
  type Power,
  randomFactors,
  rescale,
  tangent,
  toLayersModel,
  toPytorch,
} from '../network';
import { opOf } from '../network/ops';
import {
  compiled,
  type Inputs,
  mapRecord,
  type Results,
  readDoubles,
  tf,
  valueAndAllGradients,
  valueAndGradients,
} from '../tensor';
import { test } from '../testing';
import { normalTensor } from '../testing/finiteDifferences';
import { alongEdges } from './alongEdges';
import { countPaths } from './countPaths';
import { effective } from './effective';
import { enumeratedPolicy } from './enumeratedPolicy';
import { enumeratePaths, type Path } from './enumeratePaths';
import { lift } from './lift';
import { pathActivity } from './pathActivity';
import { pathGradient } from './pathGradient';
import { pathJacobian } from './pathJacobian';
import { pathKernelTrace } from './pathKernelTrace';
import { pathNorm } from './pathNorm';
import { randomMask, randomParams } from './testNetworks';
import { randomNetworks } from './testRandomNetwork';
import { unitFlows } from './unitFlows';

const RUNS = 40;
const MOST_PATHS = 3000n;

/** Checks a property of random networks with parameters, those of few paths. */
function forRandomNetworks(
  name: string,
  property: (network: Network, params: Params) => void,
  shifts = false,
): void {
  test(name, () => {
    fc.assert(
      fc.property(randomNetworks, fc.nat(99), (network, seed) => {
        if (countPaths(network).count > MOST_PATHS) return;
        tf.tidy(() => property(network, randomParams(network, { seed, shifts })));
      }),
      { numRuns: RUNS, seed: 1 },
    );
  });
}

function assertNear(found: number, expected: number, size = Math.abs(expected), tolerance = 1e-11): void {
  assert.ok(Math.abs(found - expected) <= tolerance * size + 1e-300, `${found} is not ${expected}`);
}

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

forRandomNetworks('outputs are sums over open paths, with the slopes on them', (network, params) => {
  const paths = enumeratePaths(network, params);
  const x = normalTensor([2, ...network.input], 5);
  const inputs = x.reshape([2, -1]).arraySync() as number[][];
  const outputs = forward(network, params, x).arraySync();
  pathActivity(network, params, paths, x).forEach((activity, sample) => {
    const terms = paths.map(
      ({ value, constant, input }, p) => activity[p] * constant * value * inputs[sample][input],
    );
    outputs[sample].forEach((output, k) => {
      const own = terms.filter((_, p) => paths[p].output === k);
      assertNear(output, sum(own), sum(own.map(Math.abs)), 1e-5); // float32
    });
  });
});

for (const shifts of [false, true])
  forRandomNetworks(
    `a gated pass is the sum over the open paths, with other weights on them${shifts ? ', with shifts' : ''}`,
    (network, params) => {
      const [x, y] = [5, 6].map((seed) => normalTensor([2, ...network.input], seed));
      const starts = y.reshape([2, -1]).arraySync() as number[][];
      const isStatistic = new Set(
        network.parameters.filter(({ role }) => /mean|variance/.test(role)).map(({ name }) => name),
      );
      const others = randomParams(network, { seed: 50 });
      const s = mapRecord(params, (tensor, name) => (isStatistic.has(name) ? tensor : others[name]));
      for (const batchNorm of ['apply', 'skip'] as const) {
        const paths = enumeratePaths(network, s, { policy: { ...enumeratedPolicy, batchNorm } });
        const activity = pathActivity(network, params, paths, x);
        for (const power of [1, 2] as const)
          for (const constants of ['once', 'power'] as const) {
            const sums = gatedPass(network, params, x, { s, y, power, policy: { batchNorm, constants } });
            const exponent = constants === 'power' ? power : 1;
            (sums.arraySync() as number[][]).forEach((outputs, sample) => {
              const terms = paths.map(
                ({ value, constant, input }, p) =>
                  activity[sample][p] ** power * constant ** exponent * value * starts[sample][input],
              );
              outputs.forEach((output, k) => {
                const own = terms.filter((_, p) => paths[p].output === k);
                assertNear(output, sum(own), sum(own.map(Math.abs)), 1e-5); // float32
              });
            });
          }
      }
    },
    shifts,
  );

forRandomNetworks('a gated pass of max pools takes the largest of what comes', (network, params) => {
  const x = normalTensor([2, ...network.input], 5);
  // Of a network all of whose gates are open it is the linear pass.
  const open = mapRecord(params, (tensor) => tensor.abs());
  const gated = { s: open, y: x.abs(), policy: { maxPool: 'max' as const } };
  const expected = linearPass(network, open, x.abs(), 1);
  const found = gatedPass(network, open, x.abs(), gated);
  const size = expected.abs().max().dataSync()[0];
  assertNear(found.sub(expected).abs().max().dataSync()[0], 0, size, 1e-5); // float32
});

forRandomNetworks('as many paths are listed as are counted, under masks too', (network, params) => {
  for (const mask of [undefined, randomMask(network, 0.6)])
    assert.equal(
      BigInt(enumeratePaths(network, params, { mask }).length),
      countPaths(network, { mask }).count,
    );
});

forRandomNetworks('the weights that remain are those on listed paths', (network, params) => {
  const mask = randomMask(network, 0.6);
  const on = mapRecord(mask, (tensor) => new Float32Array(tensor.size));
  const ends = new Set<number>();
  for (const { weights, output } of enumeratePaths(network, params, { mask })) {
    ends.add(output);
    for (const { name, index } of weights) if (Object.hasOwn(on, name)) on[name][index] = 1;
  }
  const found = effective(network, mask);
  assert.equal(found.outputs, ends.size);
  for (const [name, bits] of Object.entries(on)) assert.deepEqual(found.mask[name].dataSync(), bits);
});

const policies: LinearPolicy[] = [true, false].flatMap((biases) =>
  (['apply', 'skip', 'fold'] as const).flatMap((batchNorm) =>
    (['once', 'power'] as const).flatMap((constants) =>
      (['open', 'apply'] as const).flatMap((relu) =>
        (['max', 'sum'] as const).map((maxPool) => ({ biases, batchNorm, constants, relu, maxPool })),
      ),
    ),
  ),
);

/** What a fixed factor is raised to. */
const exponentUnder = ({ constants, batchNorm }: LinearPolicy, isBatchNorm: boolean, power: Power) =>
  constants === 'power' || (isBatchNorm && batchNorm === 'fold') ? power : 1;

/** R(1; |θ|^power) by going along the edges. */
function alongPolicy(network: Network, params: Params, power: Power, policy: LinearPolicy): number {
  const statistic = new Set(
    network.parameters.filter(({ role }) => /mean|variance/.test(role)).map(({ name }) => name),
  );
  const s = mapRecord(params, (tensor, name) =>
    Float64Array.from(tensor.dataSync(), (value) => (statistic.has(name) ? value : Math.abs(value) ** power)),
  );
  const exponentOf = ({ op }: Node) => exponentUnder(policy, op === 'batchNorm', power);
  const outputs = alongEdges<number>(network, {
    start: () => 1,
    none(node, unit) {
      if (node.op === 'maxPool' && policy.maxPool === 'max') return Number.NEGATIVE_INFINITY;
      const shift = opOf(node).shift?.(node);
      if (!policy.biases || shift === undefined) return 0;
      const channel = unit % s[shift].length;
      if (node.op !== 'batchNorm') return s[shift][channel];
      if (policy.batchNorm === 'skip') return 0;
      if (policy.batchNorm === 'fold') {
        const [beta, mean, gamma] = [node.beta, node.mean, node.gamma].map(
          (name) => params[name].dataSync()[channel],
        );
        const deviation = Math.sqrt(s[node.variance][channel] + node.epsilon);
        return Math.abs(beta - (mean * gamma) / deviation) ** power;
      }
      const inverse = (s[node.variance][channel] + node.epsilon) ** (-exponentOf(node) / 2);
      return s[shift][channel] - s[node.mean][channel] * s[node.gamma][channel] * inverse;
    },
    along(node, shapes) {
      const op = opOf(node);
      const skips = node.op === 'batchNorm' && policy.batchNorm === 'skip';
      const weights = skips ? undefined : s[op.weight?.(node) ?? ''];
      const factor = skips ? undefined : op.factor?.(node, shapes, s);
      const slope = (unit: number) =>
        node.op === 'leakyRelu'
          ? node.slope
          : node.op === 'parametricRelu'
            ? s[node.slope][unit % s[node.slope].length]
            : 0;
      return (total, term, _, to, weight) => {
        if (node.op === 'maxPool' && policy.maxPool === 'max') return Math.max(total, term);
        if (/relu/i.test(node.op) && policy.relu === 'apply') return term > 0 ? term : slope(to) * term;
        return total + term * (weights?.[weight] ?? 1) * (factor?.(to, weight) ?? 1) ** exponentOf(node);
      };
    },
  });
  return sum(outputs);
}

for (const shifts of [false, true])
  forRandomNetworks(
    `the linear pass is the sum along the edges under every policy${shifts ? ', with shifts' : ''}`,
    (network, params) => {
      const x = tf.ones([1, ...network.input]);
      for (const policy of policies.filter((_, i) => (i + network.nodes.length) % 7 === 0))
        for (const power of [1, 2, 4] as const) {
          const expected = alongPolicy(network, params, power, policy);
          // A running mean is subtracted: what is left may be little of what came in.
          assertNear(
            pathNorm(network, params, power, { policy, input: x }).value,
            expected,
            Math.abs(expected),
            1e-8,
          );
        }
    },
    shifts,
  );

const sized = ({ value, constant }: Path, power: number, exponent: number) =>
  constant ** exponent * Math.abs(value) ** power;

forRandomNetworks('path norms are sums over the listed paths under every policy', (network, params) => {
  // A batch norm folded among constants that count once has no one power: the sum along the edges is its check.
  const unbiased = policies.filter(
    ({ biases, batchNorm, constants }) => !biases && !(batchNorm === 'fold' && constants === 'once'),
  );
  for (const mask of [undefined, randomMask(network, 0.7)])
    for (const policy of unbiased.filter(
      (_, i) => (i + network.nodes.length) % 4 === 0 || mask === undefined,
    ))
      for (const power of [1, 2, 4] as const) {
        const paths = enumeratePaths(network, params, { mask, policy, power });
        const exponent = policy.constants === 'once' ? 1 : power;
        const expected = sum(paths.map((path) => sized(path, power, exponent)));
        assertNear(pathNorm(network, params, power, { mask, policy }).value, expected);
      }
});

forRandomNetworks(
  'the trace of the path kernel is the sum of the squares of J, with or without batch norm and all of a pool',
  (network, params) => {
    for (const { biases, relu, ...policy } of policies) {
      if (biases || policy.constants === 'once' || relu === 'apply') continue;
      const paths = enumeratePaths(network, params, { policy, power: 2 });
      const { rows } = pathJacobian(network, paths, { constants: true });
      const expected = sum(rows.map((row) => sum(row.map((entry) => entry ** 2))));
      assertNear(pathKernelTrace(network, params, { policy }).value, expected);
    }
  },
);

/** Rescaled by powers of two, which round nothing but running variances. */
const rescaled = (network: Network, params: Params) =>
  rescale(network, params, randomFactors(network, { seed: network.nodes.length, exact: true }));

for (const shifts of [false, true])
  forRandomNetworks(
    `a rescaling leaves the outputs as they are${shifts ? ', with shifts' : ''}`,
    (network, params) => {
      const x = normalTensor([3, ...network.input], 5).clipByValue(-1, 1);
      const outputs = (given: Params) => {
        const run = compiled((of: { given: Params; x: tf.Tensor }) => forward(network, of.given, of.x), {
          precision: 'double',
        });
        const found = readDoubles(run({ given, x }));
        run.dispose();
        return found;
      };
      const policy = { biases: true, batchNorm: 'fold', constants: 'power', maxPool: 'sum' } as const;
      const most = pathNorm(network, params, 1, { policy }).value; // what no output leaves
      const after = outputs(rescaled(network, params));
      outputs(params).forEach((output, k) => {
        assertNear(after[k], output, most, 1e-6);
      });
    },
    shifts,
  );

forRandomNetworks(
  'of the scores of paths a rescaling changes those alone in which θ and the gradient have different powers',
  (network, params) => {
    const after = rescaled(network, params);
    for (const constants of ['once', 'power'] as const) {
      const policy = { batchNorm: 'fold', constants } as const;
      for (const power of [1, 2] as const) {
        const [before, now] = [params, after].map((of) => pathNorm(network, of, power, { policy }).value);
        assertNear(now, before, before, 1e-6);
        for (const weight of [0, 1, 2] as const) {
          const [old, found] = [params, after].map(
            (of) => pathGradient(network, of, power, { policy, weight }).gradients,
          );
          for (const [name, scores] of Object.entries(old)) {
            const [from, to] = [params, after].map((of) => of[name].dataSync());
            scores.forEach((score, i) => {
              assertNear(
                found[name][i],
                score * Math.abs(to[i] / from[i]) ** (weight - power),
                undefined,
                1e-5,
              );
            });
          }
        }
      }
    }
  },
);

forRandomNetworks('what goes into a unit goes out of it', (network, params) => {
  const roles = ['kernel', 'gamma', 'scale'];
  const names = network.parameters.filter(({ role }) => roles.includes(role)).map(({ name }) => name);
  for (const counted of [names, kernelsOf(network).map(({ name }) => name)]) {
    const { gradients } = pathGradient(network, params, 1, {
      names: counted,
      weight: 1,
      policy: enumeratedPolicy,
    });
    for (const { into, out } of unitFlows(network, gradients))
      assertNear(into, out, Math.abs(into) + Math.abs(out));
  }
});

/** Of every trained parameter a direction, of any sign. */
function someDirections({ parameters }: Network, seed: number): Params {
  const trained = parameters.filter(({ role }) => role !== 'mean' && role !== 'variance');
  return Object.fromEntries(trained.map(({ name, shape }, i) => [name, normalTensor(shape, seed + i)]));
}

forRandomNetworks(
  'the tangent is the gradient along the direction',
  (network, params) => {
    const x = normalTensor([2, ...network.input], 5);
    const weights = normalTensor([2, network.classes], 6);
    const directions = someDirections(network, 300);
    const trained = Object.keys(directions);
    const { gradients } = valueAndGradients(
      (at) =>
        forward(network, { ...params, ...at }, x)
          .mul(weights)
          .sum(),
      Object.fromEntries(trained.map((name) => [name, params[name]])),
    );
    const parts = trained.map((name) => gradients[name].mul(directions[name]).sum().dataSync()[0]);
    const found = tangent(network, params, directions, x).tangent.mul(weights).sum().dataSync()[0];
    assertNear(found, sum(parts), sum(parts.map(Math.abs)) + 1, 1e-4); // float32
  },
  true,
);

/** Runs once what is compiled in double precision. */
function inDouble<I extends Inputs, O extends Results>(inputs: I, f: (inputs: I) => O): O {
  const run = compiled(f, { precision: 'double' });
  try {
    return run(inputs);
  } finally {
    run.dispose();
  }
}

for (const shifts of [false, true])
  forRandomNetworks(
    `the tangent of the linear pass is its slope under every policy${shifts ? ', with shifts' : ''}`,
    (network, params) => {
      const directions = someDirections(network, 300);
      const x = normalTensor([2, ...network.input], 5).abs();
      const step = tf.scalar(2 ** -20); // in float64 the slope then keeps nine digits
      for (const policy of policies.filter((_, i) => (i + network.nodes.length) % 11 === 0))
        for (const power of [1, 2, 4] as const) {
          const { outputs, tangent, value, slope } = inDouble({ params, directions, x, step }, (given) => {
            const s = lift(network, given.params, power);
            const pass = (t: tf.Tensor | number) => {
              const moved = mapRecord(given.directions, (ds, name) => s[name].add(ds.mul(t)));
              return linearPass(network, { ...s, ...moved }, given.x, power, policy);
            };
            const difference = pass(given.step).sub(pass(given.step.neg()));
            return {
              ...linearTangent(network, s, given.directions, given.x, power, policy),
              value: pass(0),
              slope: difference.div(given.step.mul(2)),
            };
          });
          const [found, expected] = [tangent, slope].map(readDoubles);
          const size = Math.max(...[...readDoubles(value), ...found].map(Math.abs));
          expected.forEach((entry, k) => {
            assertNear(found[k], entry, size, 1e-7);
          });
          assert.deepEqual(readDoubles(outputs), readDoubles(value));
        }
    },
    shifts,
  );

forRandomNetworks('a tangent and its gradient multiply by JᵀJ, as enumeration does', (network, params) => {
  const kernels = kernelsOf(network).map(({ name }) => name);
  const u = Object.fromEntries(kernels.map((name, i) => [name, normalTensor(params[name].shape, 300 + i)]));
  const x = tf.ones([1, ...network.input]);
  for (const { biases, ...policy } of policies) {
    if (biases || policy.constants === 'once' || policy.relu === 'apply') continue;
    const product = inDouble({ params, u, x }, (given) => {
      const statistics = policy.batchNorm === 'fold' ? 'fold' : 'keep';
      const s = lift(network, given.params, 2, { statistics });
      const at = Object.fromEntries(kernels.map((name) => [name, s[name]]));
      const ds = mapRecord(given.u, (tensor, name) => tensor.mul(given.params[name]));
      const along = (inner: Params) =>
        linearTangent(network, { ...s, ...inner }, ds, given.x, 2, policy).tangent.sum() as tf.Scalar;
      const sum = (inner: Params) =>
        linearPass(network, { ...s, ...inner }, given.x, 2, policy).sum() as tf.Scalar;
      const [mixed, plain] = [along, sum].map((f) => valueAndAllGradients(f, at).gradients);
      return mapRecord(given.u, (tensor, name) =>
        given.params[name].mul(mixed[name]).add(tensor.mul(plain[name])),
      );
    });
    const paths = enumeratePaths(network, params, { policy, power: 2 });
    const { rows } = pathJacobian(network, paths, { constants: true });
    const direction = kernels.flatMap((name) => [...u[name].dataSync()]);
    const values = rows.map((row) => sum(row.map((entry, i) => entry * direction[i])));
    const found = kernels.flatMap((name) => [...readDoubles(product[name])]);
    found.forEach((entry, i) => {
      const terms = rows.map((row, p) => row[i] * values[p]);
      assertNear(entry, sum(terms), sum(rows.map((row, p) => Math.abs(row[i] * values[p]))), 1e-11);
    });
  }
});

/** What `f` gives, or undefined where it refuses for a reason that matches. */
function unless<T>(refusal: RegExp, f: () => T): T | undefined {
  try {
    return f();
  } catch (error) {
    assert.match(String(error), refusal);
    return undefined;
  }
}

forRandomNetworks(
  'parameters go to PyTorch’s layout and back',
  (network, params) => {
    const theirs = unless(/PyTorch orders? differently/, () => toPytorch(network, params));
    if (theirs === undefined) return;
    const back = fromPytorch(network, theirs);
    for (const name of Object.keys(params)) assert.deepEqual(back[name].dataSync(), params[name].dataSync());
  },
  true,
);

forRandomNetworks(
  'a LayersModel computes the same, and comes back as the same network',
  (network, params) => {
    const model = unless(/tfjs/, () => toLayersModel(network, params));
    if (model === undefined) return;
    const x = normalTensor([2, ...network.input], 5);
    const expected = forward(network, params, x);
    const size = expected.abs().max().dataSync()[0];
    const close = (outputs: tf.Tensor) =>
      assertNear(outputs.sub(expected).abs().max().dataSync()[0], 0, size + 1, 1e-5);
    close(model.predict(x) as tf.Tensor);
    const copy = fromLayersModel(model);
    close(forward(copy.network, copy.params, x));
    tf.dispose(copy.params);
    model.dispose();
  },
  true,
);
