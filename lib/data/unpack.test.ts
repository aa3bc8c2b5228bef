import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import { create } from 'tar';
import { unpack } from './unpack';

const root = mkdtempSync(join(tmpdir(), 'pathkernel-unpack-'));
after(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

function emptyFolder(): string {
  const folder = join(root, `${folders++}`);
  mkdirSync(folder);
  return folder;
}

/** A folder `set` with two files and a link, packed, and the empty folder around the archive. */
async function packed(): Promise<{ archive: string; home: string }> {
  const [source, home] = [emptyFolder(), emptyFolder()];
  mkdirSync(join(source, 'set', 'inner'), { recursive: true });
  writeFileSync(join(source, 'set', 'a.bin'), 'first');
  writeFileSync(join(source, 'set', 'inner', 'b.bin'), 'second');
  symlinkSync('/etc', join(source, 'set', 'link'));
  const archive = join(home, 'set.tar.gz');
  await create({ gzip: true, file: archive, cwd: source }, ['set']);
  return { archive, home };
}

/** A zip archive by the format's description: local headers with contents, the directory, its end. */
function zip(files: Record<string, string>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const body = deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4); // deflated
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(body.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), body]);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, place, Buffer.from(name)]));
    parts.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(Buffer.concat(directory).length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, ...directory, Buffer.from('PK\x05\x06'), end]);
}

function zipped(files: Record<string, string>): { archive: string; home: string } {
  const home = emptyFolder();
  const archive = join(home, 'set.zip');
  writeFileSync(archive, zip(files));
  return { archive, home };
}

const zipFiles = { 'set/': '', 'set/a.bin': 'first', 'set/inner/b.bin': 'second' };

test('both kinds of archive give their folder and leave nothing else', async () => {
  const seen: number[] = [];
  for (const { archive, home } of [await packed(), zipped(zipFiles)]) {
    await unpack(archive, 'set', { onProgress: ({ done, total }) => seen.push(done / total) });
    assert.equal(readFileSync(join(home, 'set', 'a.bin'), 'utf8'), 'first');
    assert.equal(readFileSync(join(home, 'set', 'inner', 'b.bin'), 'utf8'), 'second');
    assert.equal(existsSync(join(home, 'set', 'link')), false, 'links are left out');
    assert.equal(readdirSync(home).length, 2, 'the archive and the folder');
  }
  assert.equal(seen.at(-1), 1);
});

test('leftovers of an unpacking that was cut short are removed', async () => {
  const { archive, home } = zipped(zipFiles);
  mkdirSync(join(home, '.unpacking-set.zip-abc', 'set'), { recursive: true });
  await unpack(archive, 'set');
  assert.deepEqual(readdirSync(home).sort(), ['set', 'set.zip']);
});

test('an archive that is cut off, damaged or holds another folder leaves nothing behind', async () => {
  const tar = await packed();
  const whole = readFileSync(tar.archive);
  const damaged: [{ archive: string; home: string }, Buffer | undefined, string][] = [
    [tar, whole.subarray(0, whole.length - 30), 'set'],
    [tar, Buffer.from('no archive at all, but long enough to look for a header in it'), 'set'],
    [tar, whole, 'other'],
    [zipped(zipFiles), zip(zipFiles).subarray(0, 100), 'set'],
    [zipped(zipFiles), undefined, 'other'],
  ];
  for (const [{ archive, home }, bytes, folder] of damaged) {
    if (bytes) writeFileSync(archive, bytes);
    await assert.rejects(unpack(archive, folder), (error: Error) =>
      error.message.startsWith(`cannot unpack ${archive}: `),
    );
    assert.equal(readdirSync(home).length, 1, 'only the archive');
  }
});

test('an archive cannot write outside its folder', async () => {
  const outside = zipped({ 'set/a.bin': 'first', '../evil': 'evil' });
  await assert.rejects(unpack(outside.archive, 'set'), /cannot unpack .*evil/);
  const source = emptyFolder();
  const home = emptyFolder();
  mkdirSync(join(source, 'set'));
  writeFileSync(join(source, 'evil'), 'evil');
  const archive = join(home, 'set.tar.gz');
  await create({ gzip: true, file: archive, cwd: join(source, 'set'), preservePaths: true }, ['../evil']);
  await assert.rejects(unpack(archive, 'set'), /cannot unpack .*path contains '\.\.'/);
  assert.equal(existsSync(join(root, 'evil')) || existsSync(join(home, 'evil')), false);
});

test('an unpacking stops where it is aborted', async () => {
  for (const { archive, home } of [await packed(), zipped(zipFiles)]) {
    await assert.rejects(unpack(archive, 'set', { signal: AbortSignal.abort() }), { name: 'AbortError' });
    assert.equal(readdirSync(home).length, 1);
  }
});
