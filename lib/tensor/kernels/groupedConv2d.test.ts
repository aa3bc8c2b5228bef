import assert from 'node:assert/strict';
import { test } from '../../testing';
import { assertTwiceDifferentiable, normalTensor } from '../../testing/finiteDifferences';
import { type ConvOptions, compiled, conv2d, readDoubles, tf, valueAndGradients } from '..';

const cases: [name: string, options: Required<ConvOptions>, channels: number, filters: number][] = [
  ['depthwise', { stride: 1, padding: [1, 1, 1, 1], dilation: 1, groups: 4 }, 4, 8],
  ['depthwise under stride 2', { stride: 2, padding: [1, 1, 1, 1], dilation: 1, groups: 4 }, 4, 4],
  ['in two groups', { stride: 1, padding: [0, 1, 1, 0], dilation: 1, groups: 2 }, 4, 6],
  ['in two groups under stride 2', { stride: 2, padding: [1, 1, 1, 1], dilation: 1, groups: 2 }, 4, 2],
  ['dilated', { stride: 1, padding: [2, 2, 2, 1], dilation: 2, groups: 1 }, 2, 3],
  ['dilated by three', { stride: 1, padding: [2, 3, 0, 1], dilation: 3, groups: 1 }, 2, 3],
  ['dilated under stride 2', { stride: 2, padding: [2, 2, 2, 2], dilation: 2, groups: 1 }, 2, 3],
  ['dilated and depthwise', { stride: 1, padding: [1, 1, 1, 1], dilation: 2, groups: 2 }, 2, 2],
  ['dilated in groups under stride 2', { stride: 2, padding: [1, 2, 1, 2], dilation: 2, groups: 2 }, 4, 4],
];
const [rows, columns] = [7, 6];

/** Visits every product: indices of x, of the kernel and of the result. */
function forEachProduct(
  { stride, padding: [top, bottom, left, right], dilation, groups }: Required<ConvOptions>,
  channels: number,
  filters: number,
  visit: (x: number, kernel: number, y: number) => void,
): readonly [height: number, width: number] {
  const span = 2 * dilation + 1;
  const height = Math.floor((rows + top + bottom - span) / stride) + 1;
  const width = Math.floor((columns + left + right - span) / stride) + 1;
  const [inputs, outputs] = [channels / groups, filters / groups];
  for (let b = 0; b < 2; b++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let i = 0; i < 3; i++)
          for (let j = 0; j < 3; j++) {
            const row = y * stride + i * dilation - top;
            const column = x * stride + j * dilation - left;
            if (row < 0 || row >= rows || column < 0 || column >= columns) continue;
            for (let f = 0; f < filters; f++)
              for (let c = 0; c < inputs; c++) {
                const channel = Math.floor(f / outputs) * inputs + c;
                visit(
                  ((b * rows + row) * columns + column) * channels + channel,
                  ((i * 3 + j) * inputs + c) * filters + f,
                  ((b * height + y) * width + x) * filters + f,
                );
              }
          }
  return [height, width];
}

function assertNear(found: Float64Array, expected: Float64Array): void {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]) < 1e-11, `${i}: ${value} is not ${expected[i]}`);
  });
}

for (const [name, options, channels, filters] of cases) {
  const inputs = channels / options.groups;
  test(`a convolution ${name} and its gradients are sums of products, in double precision`, () => {
    tf.tidy(() => {
      const x = normalTensor([2, rows, columns, channels], 1);
      const kernel = normalTensor([3, 3, inputs, filters], 2);
      const [height, width] = forEachProduct(options, channels, filters, () => {});
      const dy = normalTensor([2, height, width, filters], 3);
      const [xs, ks, dys] = [x, kernel, dy].map((tensor) => tensor.dataSync());
      const y = new Float64Array(dy.size);
      const dx = new Float64Array(x.size);
      const dk = new Float64Array(kernel.size);
      forEachProduct(options, channels, filters, (a, b, c) => {
        y[c] += xs[a] * ks[b];
        dx[a] += dys[c] * ks[b];
        dk[b] += dys[c] * xs[a];
      });
      const pass = compiled(
        (at: Record<string, tf.Tensor>) => {
          const convolve = ({ x: a, kernel: k }: Record<string, tf.Tensor>) =>
            conv2d(a as tf.Tensor4D, k as tf.Tensor4D, options);
          const { value, gradients } = valueAndGradients(
            (arms) => convolve(arms).mul(at.dy).sum() as tf.Scalar,
            { x: at.x, kernel: at.kernel },
          );
          value.dispose();
          return { y: convolve(at), ...gradients };
        },
        { precision: 'double' },
      );
      const found = pass({ x, kernel, dy }) as Record<string, tf.Tensor>;
      assertNear(readDoubles(found.y), y);
      assertNear(readDoubles(found.x), dx);
      assertNear(readDoubles(found.kernel), dk);
      pass.dispose();
    });
  });

  test(`a convolution ${name} has first and second derivatives`, () => {
    tf.tidy(() => {
      const x = normalTensor([2, rows, columns, channels], 1);
      const kernel = normalTensor([3, 3, inputs, filters], 2, 0.3);
      assertTwiceDifferentiable(
        (a, k) => {
          const y = conv2d(a as tf.Tensor4D, k as tf.Tensor4D, options);
          return y.mul(normalTensor(y.shape, 7)).add(y.square().mul(0.3)).sum();
        },
        [x, kernel],
      );
    });
  });
}
