import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { tf } from '../tensor';
import { test } from '../testing';
import type { Pixels } from './pixels';
import { tinyImagenet } from './tinyImagenet';

const root = mkdtempSync(join(tmpdir(), 'pathkernel-tiny-'));
after(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const wnids = ['n02', 'n01', 'n03'];

/** A JPEG picture of one colour, grey where one value is given. */
async function picture(colour: number[], side = 64): Promise<Uint8Array> {
  const tensor = tf.tidy(() => tf.tile(tf.tensor3d(colour, [1, 1, colour.length], 'int32'), [side, side, 1]));
  const bytes = await tf.node.encodeJpeg(tensor, colour.length === 1 ? 'grayscale' : 'rgb', 100);
  tensor.dispose();
  return bytes;
}

/** The folders of the real set, with three classes, two training pictures of each and three to validate. */
async function tinyFolder(inside = ''): Promise<string> {
  const base = join(root, `${folders++}`);
  const folder = join(base, inside);
  mkdirSync(join(folder, 'val', 'images'), { recursive: true });
  writeFileSync(join(folder, 'wnids.txt'), `${wnids.join('\n')}\n`);
  writeFileSync(
    join(folder, 'words.txt'),
    'n01\tgoldfish, Carassius auratus\nn02\tfire salamander\nn99\tother\n',
  );
  for (const [label, wnid] of wnids.entries()) {
    mkdirSync(join(folder, 'train', wnid, 'images'), { recursive: true });
    writeFileSync(join(folder, 'train', wnid, `${wnid}_boxes.txt`), `${wnid}_2.JPEG\t0\t0\t63\t63\n`);
    for (const n of [10, 2]) {
      const path = join(folder, 'train', wnid, 'images', `${wnid}_${n}.JPEG`);
      writeFileSync(path, await picture([40 * label, 100, n]));
    }
  }
  const val = [
    'val_0.JPEG\tn03\t0\t32\t44\t62',
    'val_1.JPEG\tn02\t52\t55\t57\t59',
    'val_2.JPEG\tn01\t4\t0\t60\t55',
  ];
  writeFileSync(join(folder, 'val', 'val_annotations.txt'), `${val.join('\n')}\n`);
  for (const n of [0, 1])
    writeFileSync(join(folder, 'val', 'images', `val_${n}.JPEG`), await picture([9, 200, n]));
  writeFileSync(join(folder, 'val', 'images', 'val_2.JPEG'), await picture([77]));
  return base;
}

function colour(pixels: Pixels, n: number): number[] {
  return [...pixels.subarray((n * 64 * 64 + 100) * 3, (n * 64 * 64 + 101) * 3)];
}

function near(found: number[], expected: number[]): void {
  assert.ok(
    found.every((value, c) => Math.abs(value - expected[c]) <= 2), // what JPEG may change
    `${found} is not ${expected}`,
  );
}

test('the folders of Tiny-ImageNet become images, classes in the order of wnids.txt', async () => {
  for (const inside of ['', 'tiny-imagenet-200']) {
    const seen: number[] = [];
    const onProgress = ({ done, total }: { done: number; total: number }) => seen.push(done / total);
    const data = await tinyImagenet({ folder: await tinyFolder(inside), onProgress });
    assert.deepEqual([data.name, data.shape, data.classes], ['tiny-imagenet', [64, 64, 3], 3]);
    assert.deepEqual(data.classNames, ['fire salamander', 'goldfish, Carassius auratus', 'n03']);
    assert.deepEqual([...data.train.labels], [0, 0, 1, 1, 2, 2]);
    assert.deepEqual([...data.test.labels], [2, 0, 1]);
    near(colour(data.train.pixels, 0), [0, 100, 2]); // _2 before _10
    near(colour(data.train.pixels, 1), [0, 100, 10]);
    near(colour(data.train.pixels, 5), [80, 100, 10]);
    near(colour(data.test.pixels, 1), [9, 200, 1]);
    near(colour(data.test.pixels, 2), [77, 77, 77]); // a grey picture
    assert.equal(seen.at(-1), 1);
  }
});

test('on disk the images are the same; pictures that have changed are read again', async () => {
  const folder = await tinyFolder();
  const home = mkdtempSync(join(root, 'cache-'));
  const before = process.env.PATHKERNEL_DATA;
  process.env.PATHKERNEL_DATA = home;
  const read = async (memory?: string) => {
    let last = 0;
    const data = await tinyImagenet({
      folder,
      memory,
      onProgress: ({ done, total }) => {
        last = done / total;
      },
    });
    assert.equal(last, 1);
    const { train, test: held, ...rest } = data;
    return { data, bytes: [train, held].map(({ pixels }) => pixels.subarray(0)), rest };
  };
  const same = async () => {
    const disk = await read('10kB');
    const memory = await read('1GiB');
    assert.ok(!(disk.data.train.pixels instanceof Uint8Array));
    assert.ok(memory.data.train.pixels instanceof Uint8Array);
    assert.deepEqual([disk.bytes, disk.rest], [memory.bytes, memory.rest]);
  };
  await same();
  await same();
  assert.equal(readdirSync(join(home, '.pixels')).length, 2);
  writeFileSync(join(folder, 'train', 'n01', 'images', 'n01_2.JPEG'), await picture([250, 0, 0]));
  await same();
  const stop = new AbortController();
  stop.abort();
  writeFileSync(join(folder, 'train', 'n01', 'images', 'n01_2.JPEG'), 'no picture');
  await assert.rejects(tinyImagenet({ folder, memory: 0 }), /byte 0 begins no JPEG/);
  await assert.rejects(tinyImagenet({ folder, memory: 0, signal: stop.signal }), { name: 'AbortError' });
  assert.equal(readdirSync(join(home, '.pixels')).length, 3, 'nothing half done');
  if (before === undefined) delete process.env.PATHKERNEL_DATA;
  else process.env.PATHKERNEL_DATA = before;
});

/** Moves the validation pictures into folders of their classes, as scripts for PyTorch do; `inner` is a folder in those. */
function sortVal(folder: string, inner = ''): void {
  for (const [file, wnid] of [
    ['val_0.JPEG', 'n03'],
    ['val_1.JPEG', 'n02'],
    ['val_2.JPEG', 'n01'],
  ]) {
    mkdirSync(join(folder, 'val', wnid, inner), { recursive: true });
    renameSync(join(folder, 'val', 'images', file), join(folder, 'val', wnid, inner, file));
  }
  rmSync(join(folder, 'val', 'images'), { recursive: true });
}

test('folders that people have rearranged give the same images', async () => {
  const changes: Record<string, (folder: string) => void> = {
    'companions of macOS and Windows'(folder) {
      for (const wnid of wnids) {
        const home = join(folder, 'train', wnid, 'images');
        for (const name of readdirSync(home)) writeFileSync(join(home, `._${name}`), 'resource fork');
        for (const name of ['.DS_Store', 'Thumbs.db', 'desktop.ini']) writeFileSync(join(home, name), '');
      }
      mkdirSync(join(folder, '__MACOSX', 'train', 'n01'), { recursive: true });
      mkdirSync(join(folder, 'train', '.ipynb_checkpoints'));
      writeFileSync(join(folder, 'val', 'images', '._val_0.JPEG'), 'resource fork');
    },
    'val in folders of classes, the list kept': (folder) => sortVal(folder),
    'val in images in folders of classes': (folder) => sortVal(folder, 'images'),
    'val without images'(folder) {
      for (const name of readdirSync(join(folder, 'val', 'images')))
        renameSync(join(folder, 'val', 'images', name), join(folder, 'val', name));
    },
    'train without images'(folder) {
      for (const wnid of wnids) {
        const home = join(folder, 'train', wnid);
        for (const name of readdirSync(join(home, 'images')))
          renameSync(join(home, 'images', name), join(home, name));
        rmSync(join(home, 'images'), { recursive: true });
      }
    },
    'names in another case'(folder) {
      renameSync(join(folder, 'wnids.txt'), join(folder, 'WNIDS.TXT'));
      renameSync(join(folder, 'train', 'n01'), join(folder, 'train', 'N01'));
      renameSync(join(folder, 'train'), join(folder, 'Train'));
      renameSync(join(folder, 'val', 'images', 'val_0.JPEG'), join(folder, 'val', 'images', 'VAL_0.jpeg'));
    },
    'lists of Windows'(folder) {
      for (const list of ['wnids.txt', 'words.txt', 'val/val_annotations.txt']) {
        const text = readFileSync(join(folder, list), 'utf8');
        writeFileSync(join(folder, list), `\uFEFF${text.replace(/\n/g, '\r\n')}`);
      }
    },
  };
  for (const [name, change] of Object.entries(changes)) {
    const base = await tinyFolder('archive/tiny-imagenet-200');
    change(join(base, 'archive', 'tiny-imagenet-200'));
    const data = await tinyImagenet({ folder: base });
    assert.deepEqual([...data.train.labels], [0, 0, 1, 1, 2, 2], name);
    assert.deepEqual([...data.test.labels], [2, 0, 1], name);
    assert.deepEqual(data.classNames, ['fire salamander', 'goldfish, Carassius auratus', 'n03'], name);
    near(colour(data.train.pixels, 3), [40, 100, 10]);
    near(colour(data.test.pixels, 1), [9, 200, 1]);
  }
});

test('without their lists, folders of classes say the classes', async () => {
  const folder = await tinyFolder();
  sortVal(folder);
  rmSync(join(folder, 'val', 'val_annotations.txt'));
  assert.deepEqual([...(await tinyImagenet({ folder })).test.labels], [0, 1, 2]); // of n02, n01, n03
  rmSync(join(folder, 'wnids.txt'));
  const data = await tinyImagenet({ folder });
  assert.deepEqual(data.classNames, ['goldfish, Carassius auratus', 'fire salamander', 'n03']);
  near(colour(data.train.pixels, 1), [40, 100, 10]); // of n01
  near(colour(data.test.pixels, 1), [9, 200, 1]); // of n02
});

test('a list that contradicts the folders is refused', async () => {
  const folder = await tinyFolder();
  sortVal(folder);
  const list = join(folder, 'val', 'val_annotations.txt');
  writeFileSync(list, 'val_0.JPEG\tn01\n');
  await assert.rejects(tinyImagenet({ folder }), {
    message: `invalid data file; line 1 has n01 for val_0.JPEG, which lies in the folder of n03: ${list}`,
  });
  const unsorted = await tinyFolder();
  rmSync(join(unsorted, 'val', 'val_annotations.txt'));
  await assert.rejects(
    tinyImagenet({ folder: unsorted }),
    /lacks val\/val_annotations.txt \(it holds .*\); fetch/,
  );
});

test('a set that is not there names the folder, the files and the command', async () => {
  const folder = join(root, 'nothing');
  await assert.rejects(tinyImagenet({ folder }), {
    message: `invalid data set; ${folder} lacks wnids.txt, train, val; fetch with \`npx pathkernel data tiny-imagenet --folder ${folder}\` or put them there by hand: tiny-imagenet`,
  });
});

test('what is wrong in the folders is refused with file and line or byte', async () => {
  const broken = async (path: string, content: Uint8Array | string | undefined, message: RegExp) => {
    const folder = await tinyFolder();
    if (content === undefined) rmSync(join(folder, path), { recursive: true });
    else writeFileSync(join(folder, path), content);
    await assert.rejects(tinyImagenet({ folder }), message);
  };
  const list = 'val/val_annotations.txt';
  const jpeg = 'train/n01/images/n01_2.JPEG';
  const good = await picture([1, 2, 3]);
  await broken(
    list,
    'val_0.JPEG\tn03\nval_1.JPEG\tn55\n',
    /line 2 has no class of wnids.txt: "val_1.JPEG\tn55": /,
  );
  await broken(list, 'val_7.JPEG\tn03\n', /line 1 names val_7.JPEG, which is not in val: .*annotations.txt$/);
  await broken(list, '', /invalid data file; empty: .*val_annotations.txt$/);
  await broken('train/n03', undefined, /lacks train\/n03 \(it holds .*\); fetch/);
  await broken(
    'train/n02/images/n02_2.JPEG',
    'a page',
    /invalid data file; byte 0 begins no JPEG: .*n02_2.JPEG$/,
  );
  await broken(jpeg, good.subarray(0, good.length >> 1), /a damaged JPEG of \d+ bytes \(.*\): .*n01_2.JPEG$/);
  await broken(
    jpeg,
    await picture([1, 2, 3], 32),
    /a picture of 32×32×3, the others are 64×64×3: .*n01_2.JPEG$/,
  );
});

test('an aborted reading stops', async () => {
  const stop = new AbortController();
  stop.abort();
  await assert.rejects(tinyImagenet({ folder: await tinyFolder(), signal: stop.signal }), {
    name: 'AbortError',
  });
});
