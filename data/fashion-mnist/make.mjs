// Makes the four files of this folder from the complete Fashion-MNIST:
//   node data/fashion-mnist/make.mjs FOLDER
// FOLDER holds the four original files, as `npx pathkernel data fashion-mnist-full` or the Debian package
// dataset-fashion-mnist puts them there. Kept are the first 1,000 training and 200 test images of each class,
// in file order.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

const source = process.argv[2];
if (!source) throw new Error('usage: node data/fashion-mnist/make.mjs FOLDER');
const target = dirname(fileURLToPath(import.meta.url));
const classes = 10;
const imageHeader = 16; // magic, count, rows, columns
const labelHeader = 8; // magic, count
const pixels = 28 * 28;

keepFirst('train', 1000);
keepFirst('t10k', 200);

function keepFirst(split, perClass) {
  const images = gunzipSync(readFileSync(join(source, `${split}-images-idx3-ubyte.gz`)));
  const labels = gunzipSync(readFileSync(join(source, `${split}-labels-idx1-ubyte.gz`)));
  const taken = new Array(classes).fill(0);
  const kept = [];
  for (let i = 0; i < labels.length - labelHeader; i++) {
    if (taken[labels[labelHeader + i]]++ < perClass) kept.push(i);
  }
  const keptImages = kept.map((i) => images.subarray(imageHeader + i * pixels, imageHeader + (i + 1) * pixels));
  write(`${split}-images-idx3-ubyte.gz`, images.subarray(0, imageHeader), kept.length, keptImages);
  const keptLabels = Buffer.from(kept.map((i) => labels[labelHeader + i]));
  write(`${split}-labels-idx1-ubyte.gz`, labels.subarray(0, labelHeader), kept.length, [keptLabels]);
}

function write(name, originalHeader, count, parts) {
  const header = Buffer.from(originalHeader);
  header.writeUInt32BE(count, 4);
  writeFileSync(join(target, name), gzipSync(Buffer.concat([header, ...parts]), { level: 9 }));
}
