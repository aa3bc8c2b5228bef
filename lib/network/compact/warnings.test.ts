import assert from 'node:assert/strict';
import fc from 'fast-check';
import { effective } from '../../path';
import { networksOf } from '../../path/testRandomNetwork';
import { tf } from '../../tensor';
import { test } from '../../testing';
import {
  applyMask,
  type CompactMode,
  compact,
  conv,
  fc as dense,
  forward,
  kernelsOf,
  type Mask,
  type Network,
  type Params,
  resnet20,
} from '..';
import { draw } from './testCompact';

const networks = networksOf(16, 200);

/** The outputs that a warning names, with their values if it does, and of how many. */
function named(warnings: readonly string[]) {
  const line = warnings.find((text) => / outputs (are constant|do not depend)/.test(text));
  if (line === undefined) return { count: 0, listed: [] };
  const [head, list] = line.split(': ');
  const listed = list
    .split(', ')
    .filter((text) => text !== '…')
    .map((text) => (text.match(/-?[\d.]+(e-?\d+)?/g) as string[]).map(Number));
  return { count: Number(head.split(' ')[0]), listed };
}

test('what does not depend on the input is what no path reaches', () => {
  let cut = 0;
  fc.assert(
    fc.property(networks, fc.nat(10_000), (network, seed) => {
      tf.tidy(() => {
        const { params, mask } = draw(network, seed);
        if (seed % 2) mask[kernelsOf(network)[0].name] = mask[kernelsOf(network)[0].name].mul(0);
        const { warnings } = compact(network, params, mask, { mode: 'paths' });
        const { outputs } = effective(network, mask);
        assert.equal(network.classes - named(warnings).count, outputs);
        assert.equal(/^no path is left/.test(warnings[0]), outputs === 0);
        cut += Number(outputs === 0);
      });
    }),
    { numRuns: 100, seed: 1, includeErrorInReport: true },
  );
  assert.ok(cut > 5, `${cut}`);
});

test('outputs that are named as constant are, with their values', () => {
  let count = 0;
  fc.assert(
    fc.property(networks, fc.nat(10_000), (network, seed) => {
      tf.tidy(() => {
        const { params, mask } = draw(network, seed);
        const { warnings } = compact(network, params, mask);
        const x = tf.randomNormal([4, ...network.input], 0, 3, 'float32', seed);
        const outputs = forward(network, applyMask(network, params, mask), x).arraySync();
        for (const [output, value] of named(warnings).listed) {
          count++;
          for (const row of outputs)
            assert.ok(
              Math.abs(row[output] - value) <= 6e-3 * Math.abs(value) + 1e-6,
              `output ${output} is ${row[output]}, ${warnings}`,
            );
        }
      });
    }),
    { numRuns: 100, seed: 2, includeErrorInReport: true },
  );
  assert.ok(count > 50, `${count}`);
});

const input = [8, 8, 3];
const modes: CompactMode[] = ['inference', 'training', 'paths'];

/** Parameters with shifts as training leaves them. */
function shifted(network: Network): Params {
  const { params } = draw(network, 3);
  return params;
}

function maskWithout(network: Network, layers: RegExp): Mask {
  const bits = ({ layer, shape }: { layer: string; shape: readonly number[] }) =>
    layers.test(layer) ? tf.zeros([...shape]) : tf.ones([...shape]);
  return Object.fromEntries(kernelsOf(network).map((spec) => [spec.name, bits(spec)]));
}

/** What `compact` warns of, its outputs compared with those of the whole network. */
function warned(network: Network, mask: Mask | undefined, mode: CompactMode): string[] {
  const params = shifted(network);
  const small = compact(network, params, mask, { mode });
  if (mode !== 'paths') {
    const x = tf.randomNormal([2, ...network.input], 0, 1, 'float32', 1);
    const expected = forward(network, mask ? applyMask(network, params, mask) : params, x);
    const found = forward(small.network, small.params, x);
    const gap = found.sub(expected).abs().max().dataSync()[0];
    assert.ok(gap <= 1e-5 * Math.max(1, expected.abs().max().dataSync()[0]), `${network.name}: ${gap}`);
  }
  return small.warnings;
}

const nets: Network[] = [
  dense({ input: [4, 4, 1], width: 6, depth: 3, classes: 4 }),
  conv({ input, classes: 4 }),
  resnet20({ input, classes: 4 }),
  resnet20({ input, classes: 4, shortcut: 'padding' }),
];

test('a mask of nothing, an empty layer and no mask are named in every mode, and never crash', () => {
  for (const mode of modes)
    for (const network of nets)
      tf.tidy(() => {
        assert.deepEqual(warned(network, undefined, mode), []);
        const [first, ...others] = kernelsOf(network);
        const nothing = warned(network, maskWithout(network, /./), mode);
        assert.match(nothing[0], new RegExp(`^no path is left: .* nothing gets through ${first.layer}$`));
        assert.equal(
          nothing.filter((text) => /keeps none of its \d+ weights$/.test(text)).length,
          others.length + 1,
        );
        assert.deepEqual(named(nothing).count, 4);
        const last = others[others.length - 1].layer;
        const headless = warned(network, maskWithout(network, new RegExp(`^${last}$`)), mode);
        assert.match(headless[0], new RegExp(`^no path is left: .* nothing gets through ${last}$`));
      });
});

test('an empty layer of a chain ends all paths, one beside a shortcut only what leads to it', () => {
  const [, chain, ...residual] = nets;
  for (const mode of modes)
    tf.tidy(() => {
      const [broken, empty, outputs, ...rest] = warned(chain, maskWithout(chain, /conv2/), mode);
      assert.equal(broken, 'no path is left: no output depends on the input, as nothing gets through conv2');
      assert.equal(empty, 'conv2 keeps none of its 9216 weights');
      assert.match(
        outputs,
        /^4 of 4 outputs (are constant: 0 \(-?[\d.]+\), |do not depend on the input: 0, )/,
      );
      assert.deepEqual(rest, []);
      for (const network of residual)
        assert.deepEqual(warned(network, maskWithout(network, /stage2.block2.conv2/), mode), [
          'no output depends on stage2/block2/conv1',
          'stage2/block2/conv2 keeps none of its 9216 weights',
        ]);
      assert.deepEqual(warned(residual[1], maskWithout(residual[1], /block.\/conv1/), mode).length, 18);
    });
});

test('where one output is alive the others are named', () => {
  for (const network of nets)
    tf.tidy(() => {
      const mask = maskWithout(network, /^$/);
      const [{ name, shape }] = kernelsOf(network).slice(-1);
      mask[name] = tf.oneHot(tf.fill([shape[0]], 2, 'int32'), shape[1]).toFloat() as tf.Tensor;
      const bias = shifted(network)[network.parameters.at(-1)!.name].dataSync();
      const values = [0, 1, 3].map((output) => `${output} (${Number(bias[output].toPrecision(3))})`);
      assert.deepEqual(warned(network, mask, 'inference'), [
        `3 of 4 outputs are constant: ${values.join(', ')}`,
      ]);
      for (const mode of ['training', 'paths'] as const)
        assert.deepEqual(warned(network, mask, mode), ['3 of 4 outputs do not depend on the input: 0, 1, 3']);
    });
});
