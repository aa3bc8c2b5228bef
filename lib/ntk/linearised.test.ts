import assert from 'node:assert/strict';
import fc from 'fast-check';
import { forward, initialise, type Network, type Params } from '../network';
import { isTrained } from '../network/isTrained';
import { randomNetworks } from '../path/testRandomNetwork';
import { compiled, mapRecord, readDoubles, tf, valueAndGradients } from '../tensor';
import { test } from '../testing';
import { normalTensor } from '../testing/finiteDifferences';
import { tinyNetwork } from '../testing/tinyTraining';
import { linearised } from '.';

/** Parameters beside others, statistics as they are. */
const moved = ({ parameters }: Network, params: Params, step: number): Params =>
  Object.fromEntries(
    parameters.map(({ name, shape, role }, i) => {
      const still = role === 'mean' || role === 'variance';
      return [name, still ? params[name] : params[name].add(normalTensor(shape, 70 + i).mul(step))];
    }),
  );

test('at its own parameters a linearised network is the network, and beside them as near as the square of the step', () => {
  const network = tinyNetwork();
  const near = compiled(
    ({ params, x }: { params: Params; x: tf.Tensor }) =>
      tf.stack(
        [0, 1e-6, 1e-5].map((step) => {
          const other = moved(network, params, step);
          return linearised(network, params, other, x)
            .sub(forward(network, other, x))
            .abs()
            .max();
        }),
      ),
    { precision: 'double' },
  );
  tf.tidy(() => {
    const params = initialise(network, { seed: 1 });
    const [none, small, large] = readDoubles(near({ params, x: normalTensor([5, 6, 6, 1], 3) }));
    assert.equal(none, 0);
    assert.ok(0 < small && small < 1e-8, `${small}`);
    assert.ok(50 < large / small && large / small < 200, `${large} / ${small}`);
  });
});

test('the gradient of a linearised network is the same wherever it is: that of the network where it is linearised', () => {
  fc.assert(
    fc.property(randomNetworks, (network) => {
      tf.tidy(() => {
        const params = initialise(network, { seed: 2 });
        const x = normalTensor([3, ...network.input], 6);
        const c = normalTensor([3, network.classes], 7);
        const gradientOf = (f: (at: Params) => tf.Tensor, at: Params) => {
          const names = network.parameters.filter(isTrained).map(({ name }) => name);
          const own = Object.fromEntries(names.map((name) => [name, at[name]]));
          return valueAndGradients(
            (inner) =>
              f({ ...at, ...inner })
                .mul(c)
                .sum(),
            own,
          ).gradients;
        };
        const expected = gradientOf((at) => forward(network, at, x), params);
        const far = moved(network, params, 1);
        const found = gradientOf((at) => linearised(network, params, at, x), far);
        mapRecord(expected, (gradient, name) => {
          const error = gradient.sub(found[name]).abs().max().dataSync()[0];
          const size = gradient.abs().max().dataSync()[0];
          assert.ok(error <= 1e-4 * Math.max(1, size), `${name}: ${error}`);
        });
      });
    }),
    { numRuns: 40 },
  );
});

test('of what the running statistics became nothing is seen, and what does not fit is named', () => {
  tf.tidy(() => {
    const network = tinyNetwork();
    const params = initialise(network, { seed: 1 });
    const x = tf.ones([2, 6, 6, 1]);
    const other = { ...params, 'norm1/mean': params['norm1/mean'].add(3) };
    assert.deepEqual(
      [...linearised(network, params, other, x).dataSync()],
      [...linearised(network, params, params, x).dataSync()],
    );
    const { 'dense/kernel': _, ...lacking } = params;
    assert.throws(() => linearised(network, lacking, params, x), /invalid params; tiny needs: dense\/kernel/);
    assert.throws(() => linearised(network, params, lacking, x), /invalid params; tiny needs: dense\/kernel/);
    assert.throws(() => linearised(network, params, params, tf.ones([2, 6, 6])), /invalid input; tiny reads/);
  });
});
