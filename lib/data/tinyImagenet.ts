import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { breathe, checkNames, type LongWork } from '../base';
import type { FolderOption } from './dataFolder';
import { type Dataset, labelArray, makeDataset } from './dataset';
import { decodeJpegs } from './decodeJpegs';
import { findFolder } from './findFolder';
import { badFile } from './readBytes';

/** Options of `tinyImagenet`. */
export interface TinyImagenetOptions extends FolderOption, LongWork {}

/** A picture on disk and its class. */
interface Labelled {
  path: string;
  label: number;
}

const name = 'tiny-imagenet';

/**
 * Tiny-ImageNet: 100,000 training and 10,000 test photographs in 200 classes, 64×64×3 (Stanford CS231n), from its
 * folders of JPEG files. The test images are the published validation images, the only others with labels. Takes
 * some minutes and 1.4 GB of memory.
 *
 * Classes are numbered in the order of `wnids.txt`, training images come class by class in the order of their names.
 *
 * @param options where the files are; a folder given may hold a part of the set
 * @throws where they are not there: `npx pathkernel data tiny-imagenet` fetches them; where a list names an unknown
 * class or a picture is damaged, with file and line or byte; the signal's reason where it is aborted
 */
export async function tinyImagenet(options: TinyImagenetOptions = {}): Promise<Dataset> {
  checkNames('tinyImagenet', options, { folder: 1, signal: 1, onProgress: 1 });
  const folder = findFolder(name, {
    folder: options.folder,
    inside: 'tiny-imagenet-200',
    files: ['wnids.txt', 'train', join('val', 'val_annotations.txt')],
  });
  const wnids = (await lines(join(folder, 'wnids.txt'))).map((line) => line.trim());
  const train = await trainFiles(folder, wnids);
  const test = await valFiles(folder, wnids);
  const total = train.length + test.length;
  let done = 0;
  const report = async () => {
    done++;
    if (done % 100 !== 0 && done !== total) return;
    options.onProgress?.({ done, total, message: 'reading pictures' });
    await breathe();
    options.signal?.throwIfAborted();
  };
  const trainImages = await decodeJpegs(paths(train), report);
  const testImages = await decodeJpegs(paths(test), report, trainImages.shape);
  return makeDataset({
    name,
    shape: trainImages.shape,
    classes: wnids.length,
    classNames: await words(join(folder, 'words.txt'), wnids),
    train: { pixels: trainImages.pixels, labels: labelsOf(train, wnids.length), count: train.length },
    test: { pixels: testImages.pixels, labels: labelsOf(test, wnids.length), count: test.length },
  });
}

async function trainFiles(folder: string, wnids: readonly string[]): Promise<Labelled[]> {
  const files: Labelled[] = [];
  for (const [label, wnid] of wnids.entries()) {
    const home = join(folder, 'train', wnid, 'images');
    findFolder(name, { folder, files: [join('train', wnid, 'images')] });
    const names = (await readdir(home)).filter((file) => /\.jpe?g$/i.test(file));
    if (names.length === 0) throw badFile(home, 'holds no JPEG pictures');
    names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    files.push(...names.map((file) => ({ path: join(home, file), label })));
  }
  return files;
}

/** The validation pictures: each line of the list begins with a file's name and its class, tab-separated. */
async function valFiles(folder: string, wnids: readonly string[]): Promise<Labelled[]> {
  const list = join(folder, 'val', 'val_annotations.txt');
  const labels = new Map(wnids.map((wnid, label) => [wnid, label]));
  return (await lines(list)).map((line, i) => {
    const [file, wnid] = line.split('\t');
    const label = labels.get(wnid);
    if (label === undefined) throw badFile(list, `line ${i + 1} has no class of wnids.txt: "${line}"`);
    const path = join(folder, 'val', 'images', file);
    if (!existsSync(path)) throw badFile(list, `line ${i + 1} names ${file}, which is not in val/images`);
    return { path, label };
  });
}

/** What each class is called, from a list of `wnid TAB words`, where there is one. */
async function words(path: string, wnids: readonly string[]): Promise<string[] | undefined> {
  if (!existsSync(path)) return undefined;
  const called = new Map((await lines(path)).map((line) => line.split('\t') as [string, string]));
  return wnids.map((wnid) => called.get(wnid) ?? wnid);
}

async function lines(path: string): Promise<string[]> {
  const found = (await readFile(path, 'utf8')).split(/\r?\n/);
  while (found.at(-1) === '') found.pop();
  if (found.length === 0) throw badFile(path, 'empty');
  return found;
}

function paths(files: readonly Labelled[]): string[] {
  return files.map(({ path }) => path);
}

function labelsOf(files: readonly Labelled[], classes: number): Uint8Array | Uint16Array {
  const labels = labelArray(files.length, classes); // [count]
  files.forEach(({ label }, i) => {
    labels[i] = label;
  });
  return labels;
}
