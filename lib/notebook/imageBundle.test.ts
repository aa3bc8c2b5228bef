import assert from 'node:assert/strict';
import { tf } from '../tensor';
import { test } from '../testing';
import { represent } from './represent';

/** The picture as a browser would see it: its size, and bytes by pixel. */
async function drawn(tensor: tf.Tensor) {
  const bundle = represent(tensor, { pictures: true });
  tensor.dispose();
  assert.equal(typeof bundle['image/png'], 'string', bundle['text/plain']);
  const pixels = await tf.tidy(() => tf.node.decodePng(Buffer.from(String(bundle['image/png']), 'base64')));
  const [height, width, channels] = pixels.shape;
  const bytes = pixels.dataSync();
  pixels.dispose();
  const at = (x: number, y: number) => [
    ...bytes.subarray((y * width + x) * channels, (y * width + x + 1) * channels),
  ];
  return { height, width, channels, at, text: bundle['text/plain'] };
}

test('an image from 0 to 1 is drawn, its pixels enlarged', async () => {
  const { height, width, channels, at, text } = await drawn(tf.tensor3d([0, 1, 0.5, 0.2], [2, 2, 1]));
  assert.deepEqual([height, width, channels], [256, 256, 1]);
  assert.deepEqual([at(0, 0), at(255, 0), at(0, 128), at(200, 200)], [[0], [255], [128], [51]]);
  assert.equal(text, 'Image: Tensor float32 [2, 2, 1], values from 0 to 1');
});

test('colours from 0 to 255, and values of any range', async () => {
  const bytes = await drawn(tf.tensor3d([255, 0, 7, 0, 128, 0], [1, 2, 3], 'int32'));
  assert.deepEqual(
    [bytes.at(0, 0), bytes.at(255, 0)],
    [
      [255, 0, 7],
      [0, 128, 0],
    ],
  );
  const wide = await drawn(tf.tensor4d([-2, 0, 2], [1, 1, 3, 1]));
  assert.deepEqual([wide.at(0, 0), wide.at(100, 0), wide.at(250, 0)], [[0], [128], [255]]);
  assert.equal(wide.text, 'Image: Tensor float32 [1, 1, 3, 1], values from −2 to 2, black to white');
  const strange = await drawn(tf.tensor3d([Number.NaN, Infinity, 0, 1], [2, 2, 1]));
  assert.match(strange.text, /values from 0 to 1, 2 NaN or infinite$/);
  const flat = await drawn(tf.fill([4, 4, 1], -3));
  assert.deepEqual(flat.at(0, 0), [0]);
});

test('a batch is a grid, and of many images the first are shown', async () => {
  const three = await drawn(tf.tensor4d([0, 1, 0.2], [3, 1, 1, 1]));
  assert.deepEqual([three.width, three.height], [3 * 66 - 2, 64]);
  assert.deepEqual(
    [three.at(0, 0), three.at(64, 0), three.at(66, 0), three.at(140, 9)],
    [[0], [255], [255], [51]],
  );
  const many = await drawn(tf.zeros([500, 300, 300, 3]));
  assert.match(many.text, /^Images: Tensor float32 \[500, 300, 300, 3\], the first 64, values from 0 to 0$/);
  assert.ok(many.width < 2000 && many.height < 1000, `${many.width} × ${many.height}`);
  assert.deepEqual(
    [many.at(0, 0), many.at(many.width - 1, many.height - 1)],
    [
      [0, 0, 0],
      [255, 255, 255],
    ],
  );
});

test('other tensors, and results of cells, are values', () => {
  for (const shape of [[4], [4, 4], [4, 4, 2], [2, 4, 4, 5], [1, 4, 4, 1, 1], [0, 4, 4, 1]]) {
    const tensor = tf.zeros(shape);
    assert.deepEqual(Object.keys(represent(tensor, { pictures: true })), ['text/plain']);
    tensor.dispose();
  }
  const image = tf.zeros([2, 1, 1]);
  assert.deepEqual(represent(image), { 'text/plain': 'Tensor float32 [2, 1, 1]\n[[[0]],\n\n [[0]]]' });
  image.dispose();
  assert.deepEqual(represent(image, { pictures: true }), {
    'text/plain': 'Tensor float32 [2, 1, 1], disposed of',
  });
});
