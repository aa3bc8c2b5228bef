import assert from 'node:assert/strict';
import { makeDataset } from '../data';
import { testDataset } from '../data/testDataset';
import { tf } from '../tensor';
import { test } from '../testing';
import type { Figure, ImageSeries } from './figure';
import { images } from './images';
import { testDrawn } from './testDrawn';

const colours = testDataset({ classes: 3, shape: [4, 5, 3] });
const grey = makeDataset({
  ...colours,
  shape: [5, 4, 3],
  classNames: ['cat', 'dog', 'cow'],
});

/** Without the bytes of its picture, which zlib packs in its own way. */
const unpacked = ({ data, layout }: Figure): Figure => ({
  data: data.map((one) => (one.type === 'image' ? { ...one, source: '' } : one)),
  layout,
});

testDrawn({
  images: unpacked(images(colours)),
  'images-predicted': unpacked(
    images(grey, {
      split: 'train',
      at: [4, 0, 7, 5],
      predictions: [1, 2, 1, 2],
      columns: 3,
      title: 'Animals',
    }),
  ),
});

test('each pixel is that of its image, with white between', async () => {
  const at = [6, 1, 3];
  const [picture] = images(colours, { at, columns: 2 }).data as ImageSeries[];
  const png = Buffer.from(picture.source.split(',')[1], 'base64');
  const drawn = tf.tidy(() => tf.node.decodePng(png).arraySync() as number[][][]); // [12, 12, 3]
  assert.deepEqual([drawn.length, drawn[0].length], [12, 12]);
  at.forEach((image, i) => {
    for (let y = 0; y < 4; y++)
      for (let x = 0; x < 5; x++) {
        const place = ((image * 4 + y) * 5 + x) * 3;
        const found = drawn[Math.floor(i / 2) * 6 + 2 + y][(i % 2) * 6 + x];
        assert.deepEqual(found, [...colours.test.pixels.subarray(place, place + 3)]);
      }
  });
  assert.deepEqual(drawn[0][0], [255, 255, 255]);
});

test('images that there are not, and classes that there are not, are refused', () => {
  const refused = [
    [{ at: [7] }, /invalid at; not an image from 0 to 6: 7/],
    [{ at: [] }, /invalid at; has no rows/],
    [{ split: 'val' }, /invalid split; neither train nor test: val/],
    [{ at: [0, 1], predictions: [0] }, /invalid predictions; not one of 3 classes for each of 2 images/],
    [{ at: [0], predictions: [3] }, /invalid predictions/],
    [{ columns: 0 }, /invalid columns/],
  ] as const;
  for (const [options, message] of refused) assert.throws(() => images(colours, options as never), message);
  assert.throws(
    () => images(testDataset({ shape: [2, 2, 2] })),
    /invalid data; neither grey nor of three colours, channels: 2/,
  );
});
