import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { product } from '../base';
import { parseIdx, readIdx } from './idx';

const root = mkdtempSync(join(tmpdir(), 'pathkernel-idx-'));
after(() => rmSync(root, { recursive: true, force: true }));

function encode(dimensions: number[], data: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header[2] = 0x08;
  header[3] = dimensions.length;
  dimensions.forEach((size, i) => {
    header.writeUInt32BE(size, 4 + 4 * i);
  });
  return Buffer.concat([header, data]);
}

const twoImages = encode(
  [2, 2, 3],
  Uint8Array.from({ length: 12 }, (_, i) => i),
); // 16 + 12 bytes

test('any array of bytes that is written comes back', () => {
  const dimensions = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(dimensions, fc.uint8Array({ minLength: 625, maxLength: 625 }), (sizes, bytes) => {
      const data = bytes.subarray(0, product(sizes));
      const read = parseIdx(encode(sizes, data), sizes.length, 'file');
      assert.deepEqual(read.dimensions, sizes);
      assert.deepEqual(Buffer.from(read.data), Buffer.from(data));
    }),
  );
});

test('a file reads the same plain and gzip, whatever it is called', async () => {
  const plain = join(root, 'plain');
  const packed = join(root, 'packed');
  writeFileSync(plain, twoImages);
  writeFileSync(packed, gzipSync(twoImages));
  assert.deepEqual(Buffer.from((await readIdx(packed, 3)).data), Buffer.from((await readIdx(plain, 3)).data));
});

test('a file cut off anywhere is refused with the byte', () => {
  for (let length = 0; length < twoImages.length; length++) {
    assert.throws(
      () => parseIdx(twoImages.subarray(0, length), 3, 'a/file'),
      new RegExp(`^InvalidError: invalid data file; cut off at byte ${length}\\b.*: a/file$`),
    );
  }
});

test('a header that is wrong is refused with the byte', () => {
  const wrong: [number, number, string][] = [
    [0, 0x1e, 'byte 0 is 0x1e; an IDX file begins with 0x00 0x00'],
    [1, 0x01, 'byte 1 is 0x01; an IDX file begins with 0x00 0x00'],
    [2, 0x0d, 'byte 2 is 0x0d; only IDX files of unsigned bytes, 0x08, are read'],
    [3, 0x01, 'byte 3 is 0x01; expected 3 dimensions'],
    [7, 0x00, 'byte 4 begins a dimension of zero'],
    [11, 0x00, 'byte 8 begins a dimension of zero'],
    [7, 0x03, 'cut off at byte 28 of 34'],
    [4, 0xff, 'cut off at byte 28 of 25669140508'],
    [7, 0x01, 'goes on after byte 22, its end by its header'],
  ];
  for (const [at, byte, rule] of wrong) {
    const bytes = Buffer.from(twoImages);
    bytes[at] = byte;
    assert.throws(() => parseIdx(bytes, 3, 'file'), { message: `invalid data file; ${rule}: file` });
  }
});

test('a gzip stream that is cut off or damaged is refused with the byte', async () => {
  const path = join(root, 'broken.gz');
  const packed = gzipSync(
    encode(
      [10_000],
      Uint8Array.from({ length: 10_000 }, (_, i) => (i * i) % 251),
    ),
  );
  writeFileSync(path, packed.subarray(0, packed.length - 20));
  const cut = new RegExp(
    `gzip stream broken near byte ${packed.length - 20}, after .*unexpected end.*: ${path}`,
  );
  await assert.rejects(readIdx(path, 1), cut);
  const damaged = Buffer.from(packed);
  damaged[damaged.length - 6] ^= 1; // in the checksum at the end
  writeFileSync(path, damaged);
  await assert.rejects(readIdx(path, 1), /gzip stream broken near byte \d+.*incorrect data check/);
});
