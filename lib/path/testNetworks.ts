import { graphBuilder, type Network, type Params } from '../network';
import { tf } from '../tensor';
import { normalTensor } from '../testing/finiteDifferences';

/** ReLU network 3 → 4 → 3 → 2 without biases: 72 paths. */
export function smallMlp(bias = false): Network {
  const g = graphBuilder([3]);
  const first = g.relu('open1', g.dense('first', g.input, { units: 4, bias }));
  const second = g.relu('open2', g.dense('second', first, { units: 3, bias }));
  g.dense('third', second, { units: 2, bias });
  return g.build('small-mlp');
}

/** conv → bn → relu → max pool → (conv → bn + scaled 1×1 conv) → relu → average → dense: every kind of layer once. */
export function smallResidual(): Network {
  const g = graphBuilder([4, 4, 1]);
  const stem = g.relu('open1', g.batchNorm('norm', g.conv2d('stem', g.input, { filters: 2 })));
  const pooled = g.maxPool('pool', stem);
  const branch = g.batchNorm('branchNorm', g.conv2d('branch', pooled, { filters: 2 }));
  const shortcut = g.channelScale('scale', g.conv2d('shortcut', pooled, { filters: 2, size: 1 }));
  const open = g.relu('open2', g.add('add', branch, shortcut));
  g.dense('out', g.globalAvgPool('average', open), { units: 2, bias: false });
  return g.build('small-residual');
}

/** Random parameters; batch norm without shift unless `shifts`, so that outputs are sums over paths. */
export function randomParams(network: Network, { seed = 0, shifts = false } = {}): Params {
  return Object.fromEntries(
    network.parameters.map(({ name, shape, role }, i) => {
      const tensor = tf.tidy(() => {
        const draw = normalTensor(shape, 1000 * seed + i);
        if (role === 'variance') return draw.square().add(0.5);
        return (role === 'mean' || role === 'beta' || role === 'bias') && !shifts ? tf.zerosLike(draw) : draw;
      });
      return [name, tensor];
    }),
  );
}

/** A random mask that keeps about the fraction `density`. */
export function randomMask(network: Network, density: number, seed = 0): Params {
  return Object.fromEntries(
    network.parameters
      .filter(({ role }) => role === 'kernel')
      .map(({ name, shape }, i) => {
        const bits = tf.tidy(() => {
          const cut = Math.sqrt(2) * density; // of |x| for a normal x: close enough for a test
          return normalTensor(shape, 500 + 1000 * seed + i)
            .abs()
            .less(cut)
            .toFloat();
        });
        return [name, bits];
      }),
  );
}
