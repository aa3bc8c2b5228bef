import assert from 'node:assert/strict';
import { enumeratedPolicy, enumeratePaths, pathNorm } from '../../path';
import { randomParams } from '../../path/testNetworks';
import { tf } from '../../tensor';
import { test } from '../../testing';
import { normalTensor } from '../../testing/finiteDifferences';
import { workedExample } from '../../testing/workedExample';
import { forward, graphBuilder, tangent } from '..';
import { ops } from '.';

test('every op makes nodes of its own name', () => {
  const options = { shape: [1], units: 1, filters: 1 };
  for (const [name, op] of Object.entries(ops)) {
    const node = (op.node as (id: string, x: string, options: object) => { op: string; id: string })(
      'it',
      'x',
      options,
    );
    assert.deepEqual([node.op, node.id], [name, 'it']);
  }
});

test('the op in CONTRIBUTING is one file and one line: the builder, the passes and the paths have it', (context) => {
  const table = ops as Record<string, unknown>;
  Object.assign(table, workedExample('op', 'lib/network/ops')); // the line
  context.after(() => {
    delete table.amplify;
  });
  const build = (by: number) => {
    const g = graphBuilder([3]);
    const hidden = g.relu('open', g.dense('first', g.input, { units: 4, bias: false }));
    const more = g as unknown as { amplify(id: string, x: string, options: { by: number }): string };
    g.dense('second', more.amplify('more', hidden, { by }), { units: 2, bias: false });
    return g.build('amplified');
  };
  tf.tidy(() => {
    const [network, plain] = [build(1.5), build(1)];
    const params = randomParams(network);
    const x = normalTensor([2, 3], 1);
    const near = (a: tf.Tensor, b: tf.Tensor) => assert.ok(a.sub(b).abs().max().dataSync()[0] < 1e-5);
    near(forward(network, params, x), forward(plain, params, x).mul(1.5));
    const direction = { 'first/kernel': params['first/kernel'] };
    near(tangent(network, params, direction, x).tangent, forward(network, params, x)); // homogeneous of degree one
    const sum = enumeratePaths(network, params).reduce(
      (all, path) => all + (path.constant * path.value) ** 2,
      0,
    );
    const { value } = pathNorm(network, params, 2, { policy: enumeratedPolicy });
    assert.ok(Math.abs(value / sum - 1) < 1e-12);
  });
  assert.throws(() => build(0), { message: 'invalid network; more must multiply by a positive number: 0' });
});
