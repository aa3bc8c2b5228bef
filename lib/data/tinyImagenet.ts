import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { breathe, checkNames, type LongWork, product } from '../base';
import type { FolderOption } from './dataFolder';
import { type Dataset, labelArray, makeDataset } from './dataset';
import { decodeJpegs, shapeOfJpeg } from './decodeJpegs';
import { type Form, findFiles } from './findFiles';
import { lackError } from './lackError';
import { type Listing, listing } from './listing';
import { inMemory, onDisk } from './pixelCache';
import { badFile } from './readBytes';
import { readLines } from './readLines';
import { areTooMany, type MemoryOption } from './streamed';

/** Options of `tinyImagenet`. */
export interface TinyImagenetOptions extends FolderOption, MemoryOption, LongWork {}

/** A picture on disk and its class. */
interface Labelled {
  path: string;
  label: number;
}

const name = 'tiny-imagenet';

const form: Form = {
  files: { 'wnids.txt': /^wnids\.txt$/i, 'train/': /^train$/i, 'val/': /^val$/i },
  lacking: (isThere) =>
    isThere('train/') && isThere('val/') ? [] : Object.keys(form.files).filter((key) => !isThere(key)),
};

/**
 * Tiny-ImageNet: 100,000 training and 10,000 test photographs in 200 classes, 64×64×3 (Stanford CS231n), from its
 * folders of JPEG files. The test images are the published validation images, the only others with labels. Takes
 * some minutes and 1.35 GB, of memory or, where that is more than `memory`, of disk: then only the first time, for the same pictures.
 *
 * Classes are numbered in the order of `wnids.txt`, without it in that of their folders' names; training images come class by class
 * in the order of their names. The pictures of a class lie in its folder, or in `images` in that; those of validation in `val/images`
 * with their list, or in folders of classes.
 *
 * @param options where the files are; a folder given may hold a part of the set
 * @throws where they are not there: `npx pathkernel data tiny-imagenet` fetches them; where a list names an unknown
 * class or a picture is damaged, with file and line or byte; the signal's reason where it is aborted
 */
export async function tinyImagenet(options: TinyImagenetOptions = {}): Promise<Dataset> {
  checkNames('tinyImagenet', options, { folder: 1, memory: 1, signal: 1, onProgress: 1 });
  const { folder, paths } = findFiles(name, {
    folder: options.folder,
    inside: 'tiny-imagenet-200',
    forms: [form],
  });
  const [trainFolder] = paths['train/'];
  const [valFolder] = paths['val/'];
  const lacks = (what: string) => lackError(name, { home: folder, lacks: [what], folder: options.folder });
  const wnids = await classesOf(paths['wnids.txt'][0], trainFolder);
  const train = sorted(trainFolder, wnids, lacks);
  const [list] = filesNamed(valFolder, /^val_annotations\.txt$/i);
  const held = listing(valFolder);
  const isSorted = wnids.some((wnid) => folderNamed(held, wnid) !== undefined);
  if (list === undefined && !isSorted) throw lacks(join('val', 'val_annotations.txt'));
  const test = list === undefined ? sorted(valFolder, wnids, lacks) : await listed(list, valFolder, wnids);
  const total = train.length + test.length;
  const tell = (done: number) => options.onProgress?.({ done, total, message: 'reading pictures' });
  let done = 0;
  const report = async () => {
    done++;
    if (done % 100 !== 0) return;
    if (done < total) tell(done);
    await breathe();
    options.signal?.throwIfAborted();
  };
  options.signal?.throwIfAborted();
  const shape = await shapeOfJpeg(train[0].path);
  const isOnDisk = areTooMany(name, total * product(shape), options);
  const imagesOf = async (files: readonly Labelled[]) => {
    const paths = files.map(({ path }) => path);
    const length = paths.length * product(shape);
    const pieces = decodeJpegs(paths, shape, report);
    const pixels = isOnDisk
      ? await onDisk(`${name}-${fingerprint(paths)}`, length, pieces, options.signal)
      : await inMemory(length, pieces);
    return { pixels, labels: labelsOf(files, wnids.length), count: files.length };
  };
  const images = { train: await imagesOf(train), test: await imagesOf(test) };
  tell(total);
  return makeDataset({
    name,
    shape,
    classes: wnids.length,
    classNames: await words(filesNamed(folder, /^words\.txt$/i)[0], wnids),
    ...images,
  });
}

/** Of files as they are: of their order, and of sizes and times, which change with the contents. */
function fingerprint(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) {
    const { size, mtimeMs } = statSync(path);
    hash.update(JSON.stringify([path, size, mtimeMs]));
  }
  return hash.digest('hex').slice(0, 32);
}

async function classesOf(list: string | undefined, trainFolder: string): Promise<readonly string[]> {
  if (list === undefined) return listing(trainFolder).folders;
  return (await readLines(list)).map((line) => line.trim());
}

/** The pictures that lie in folders of their classes. */
function sorted(home: string, wnids: readonly string[], lacks: (what: string) => Error): Labelled[] {
  const held = listing(home);
  return wnids.flatMap((wnid, label) => {
    const own = folderNamed(held, wnid);
    if (own === undefined) throw lacks(join(basename(home), wnid));
    const pictures = picturesOf(own);
    if (pictures.length === 0) throw badFile(own, 'holds no JPEG pictures');
    return pictures.map((path) => ({ path, label }));
  });
}

/** The validation pictures: each line of the list begins with a file's name and its class, tab-separated. */
async function listed(list: string, valFolder: string, wnids: readonly string[]): Promise<Labelled[]> {
  const labels = new Map(wnids.map((wnid, label) => [wnid, label]));
  const homes = [valFolder, ...listing(valFolder).folders.map((inner) => join(valFolder, inner))];
  const places = new Map(homes.flatMap(picturesOf).map((path) => [basename(path).toLowerCase(), path]));
  return (await readLines(list)).map((line, i) => {
    const [file, wnid] = line.split('\t');
    const label = labels.get(wnid);
    if (label === undefined) throw badFile(list, `line ${i + 1} has no class of wnids.txt: "${line}"`);
    const path = places.get(file.toLowerCase());
    if (path === undefined)
      throw badFile(list, `line ${i + 1} names ${file}, which is not in ${basename(valFolder)}`);
    const sortedAs = labels.get(classFolderOf(path));
    if (sortedAs !== undefined && sortedAs !== label)
      throw badFile(
        list,
        `line ${i + 1} has ${wnid} for ${file}, which lies in the folder of ${wnids[sortedAs]}`,
      );
    return { path, label };
  });
}

/** The name of the folder that a picture lies in, but for `images`. */
function classFolderOf(path: string): string {
  const home = dirname(path);
  return isImages(basename(home)) ? basename(dirname(home)) : basename(home);
}

const isImages = (folder: string) => /^images$/i.test(folder);

/** The JPEG files in a folder, or else in `images` in it, in the order of their names. */
function picturesOf(folder: string): string[] {
  const own = filesNamed(folder, /\.jpe?g$/i);
  if (own.length > 0) return own;
  const images = listing(folder).folders.filter(isImages);
  return images.flatMap((inner) => filesNamed(join(folder, inner), /\.jpe?g$/i));
}

function filesNamed(folder: string, pattern: RegExp): string[] {
  const { files } = listing(folder);
  return files.filter((file) => pattern.test(file)).map((file) => join(folder, file));
}

function folderNamed({ path, folders }: Listing, wanted: string): string | undefined {
  const found = folders.find((inner) => inner.toLowerCase() === wanted.toLowerCase());
  return found === undefined ? undefined : join(path, found);
}

/** What each class is called, from a list of `wnid TAB words`, where there is one. */
async function words(path: string | undefined, wnids: readonly string[]): Promise<string[] | undefined> {
  if (path === undefined) return undefined;
  const called = new Map((await readLines(path)).map((line) => line.split('\t') as [string, string]));
  return wnids.map((wnid) => called.get(wnid) ?? wnid);
}

function labelsOf(files: readonly Labelled[], classes: number): Uint8Array | Uint16Array {
  const labels = labelArray(files.length, classes); // [count]
  files.forEach(({ label }, i) => {
    labels[i] = label;
  });
  return labels;
}
