import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
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
import { type DownloadOptions, download } from './download';
import * as server from './faultyServer';
import type { Manifest, RemoteFile } from './manifest';

const root = mkdtempSync(join(tmpdir(), 'pathkernel-download-'));
after(() => rmSync(root, { recursive: true, force: true }));

const bytes = Buffer.from(Uint8Array.from({ length: 200_000 }, (_, i) => (i * i) % 251));
const sha256 = createHash('sha256').update(bytes).digest('hex');
let folders = 0;

interface Trial {
  folder: string;
  options: DownloadOptions;
  servers: server.FaultyServer[];
}

/** A set of one file at mirrors that answer as given, and an empty folder for it. */
async function trial(
  mirrors: server.Answer[][],
  body: (trial: Trial) => Promise<void>,
  file: Partial<RemoteFile> = {},
): Promise<void> {
  const servers = await Promise.all(mirrors.map((answers) => server.faultyServer(bytes, answers)));
  const addresses = servers.map(({ address }) => `${address}/file.bin`);
  const folder = join(root, `${folders++}`);
  const remote = { name: 'file.bin', bytes: bytes.length, sha256, mirrors: addresses, ...file };
  const manifest: Manifest = { numbers: { title: 'numbers', source: 'here', files: [remote] } };
  const allow = (address: URL) => address.hostname === '127.0.0.1';
  try {
    await body({ folder, servers, options: { folder, manifest, allow, backOffMs: 5, stallMs: 200 } });
  } finally {
    await Promise.all(servers.map((each) => each.close()));
  }
}

function assertWhole(folder: string): void {
  assert.deepEqual(readFileSync(join(folder, 'file.bin')), bytes);
  assert.deepEqual(readdirSync(folder), ['file.bin'], 'nothing but the file is left');
}

test('a download brings the file under its name and leaves nothing else', () =>
  trial([[server.good]], async ({ folder, options, servers }) => {
    const seen: number[] = [];
    const done = await download('numbers', { ...options, onProgress: (p) => seen.push(p.done / p.total) });
    assert.deepEqual(done, { folder, fetched: ['file.bin'] });
    assertWhole(folder);
    assert.equal(seen.at(-1), 1);
    assert.ok(seen.every((share, i) => i === 0 || share >= seen[i - 1]));
    assert.deepEqual(servers[0].requests, ['/file.bin']);
  }));

test('a second download asks no server', () =>
  trial([[server.good]], async ({ folder, options, servers }) => {
    await download('numbers', options);
    assert.deepEqual(await download('numbers', options), { folder, fetched: [] });
    assert.equal(servers[0].requests.length, 1);
  }));

test('a file put there by hand is taken where its checksum is right', () =>
  trial([[server.status(404)]], async ({ folder, options }) => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'file.bin'), bytes);
    assert.deepEqual((await download('numbers', options)).fetched, []);
  }));

test('a damaged file that lies there is fetched again', () =>
  trial([[server.good]], async ({ folder, options }) => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'file.bin'), Buffer.alloc(bytes.length));
    assert.deepEqual((await download('numbers', options)).fetched, ['file.bin']);
    assertWhole(folder);
  }));

test('an md5 serves where no sha256 is known', () => {
  const md5 = createHash('md5').update(bytes).digest('hex');
  return trial(
    [[server.corrupts, server.good]],
    async ({ folder, options, servers }) => {
      await download('numbers', options);
      assertWhole(folder);
      assert.equal(servers[0].requests.length, 2);
    },
    { sha256: undefined, md5 },
  );
});

for (const [fault, answer] of Object.entries({ disconnects: server.disconnects, stalls: server.stalls })) {
  test(`where a server ${fault}, the next try goes on from the bytes that came`, () =>
    trial([[answer, server.good]], async ({ folder, options, servers }) => {
      await download('numbers', options);
      assertWhole(folder);
      assert.deepEqual(servers[0].requests, ['/file.bin', '/file.bin from 100000']);
    }));
}

test('a body that ends early is completed by the next tries', () =>
  trial([[server.truncates, server.truncates, server.good]], async ({ folder, options, servers }) => {
    await download('numbers', options);
    assertWhole(folder);
    assert.deepEqual(servers[0].requests, ['/file.bin', '/file.bin from 100000', '/file.bin from 150000']);
  }));

test('a server that ignores ranges is read from the beginning', () =>
  trial([[server.disconnects, server.ignoresRange]], async ({ folder, options }) => {
    await download('numbers', options);
    assertWhole(folder);
  }));

test('a body with wrong bytes is thrown away and fetched anew', () =>
  trial([[server.corrupts, server.good]], async ({ folder, options, servers }) => {
    await download('numbers', options);
    assertWhole(folder);
    assert.deepEqual(servers[0].requests, ['/file.bin', '/file.bin']);
  }));

test('a part left by another day is gone on with, and thrown away where it was wrong', () =>
  trial([[server.good]], async ({ folder, options, servers }) => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'file.bin.part'), bytes.subarray(0, 150_000));
    await download('numbers', options);
    assertWhole(folder);
    rmSync(join(folder, 'file.bin'));
    writeFileSync(join(folder, 'file.bin.part'), Buffer.alloc(150_000));
    await download('numbers', options);
    assertWhole(folder);
    rmSync(join(folder, 'file.bin'));
    writeFileSync(join(folder, 'file.bin.part'), Buffer.alloc(bytes.length + 1));
    await download('numbers', options);
    assertWhole(folder);
    assert.deepEqual(servers[0].requests, [
      '/file.bin from 150000',
      '/file.bin from 150000',
      '/file.bin',
      '/file.bin',
    ]);
  }));

test('a part that is whole needs no server', () =>
  trial([[server.good]], async ({ folder, options, servers }) => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'file.bin.part'), bytes);
    await download('numbers', options);
    assertWhole(folder);
    assert.deepEqual(servers[0].requests, []);
  }));

test('a mirror gets three tries, then the next has its turn and goes on from there', () =>
  trial([[server.stalls], [server.good]], async ({ folder, options, servers }) => {
    await download('numbers', options);
    assertWhole(folder);
    assert.equal(servers[0].requests.length, 3);
    assert.deepEqual(servers[1].requests, ['/file.bin from 175000']);
  }));

const hopeless: Record<string, server.Answer> = {
  'answers 404': server.status(404),
  'answers 403': server.status(403),
  'sends a page in place of the file': server.page,
  'sends more than the file': server.goesOn,
  'sends another range': server.wrongRange,
  'packs the body': server.encodes,
};
for (const [fault, answer] of Object.entries(hopeless)) {
  test(`a mirror that ${fault} is left at once for the next`, () =>
    trial([[answer], [server.good]], async ({ folder, options, servers }) => {
      mkdirSync(folder);
      writeFileSync(join(folder, 'file.bin.part'), bytes.subarray(0, 1000));
      await download('numbers', options);
      assertWhole(folder);
      assert.equal(servers[0].requests.length, 1);
    }));
}

test('a mirror that is overloaded is asked again', () =>
  trial([[server.status(503), server.status(429), server.good]], async ({ folder, options }) => {
    await download('numbers', options);
    assertWhole(folder);
  }));

test('redirects are followed, but not to addresses that are not allowed, nor in circles', async () => {
  const target = await server.faultyServer(bytes, [server.good]);
  const circle = server.redirects('/again');
  const away = server.redirects('http://example.invalid/file.bin');
  try {
    await trial(
      [[circle], [away], [server.redirects(target.address)]],
      async ({ folder, options, servers }) => {
        await download('numbers', options);
        assertWhole(folder);
        assert.equal(servers[0].requests.length, 6, 'the first request and five redirects');
        assert.equal(servers[1].requests.length, 1);
        assert.equal(target.requests.length, 1);
      },
    );
  } finally {
    await target.close();
  }
});

test('only https is allowed unless told otherwise', () =>
  trial([[server.good]], async ({ options, servers }) => {
    await assert.rejects(download('numbers', { ...options, allow: undefined }), /refused http:.*only https/);
    assert.equal(servers[0].requests.length, 0);
  }));

test('a failure says what each mirror did and how to put the file there by hand', () =>
  trial([[server.status(404)], [server.corrupts], [server.silent]], async ({ folder, options, servers }) => {
    await assert.rejects(download('numbers', { ...options, tries: 2 }), (error: Error) => {
      const lines = error.message.split('\n');
      assert.equal(lines[0], 'cannot fetch file.bin:');
      assert.equal(lines[1], `  ${servers[0].address}/file.bin: answered 404 Not Found`);
      assert.match(lines[2], /file\.bin: damaged: sha256 [0-9a-f]{64} where [0-9a-f]{64} is expected$/);
      assert.equal(lines[3], `  ${servers[2].address}/file.bin: stalled: no byte for 0.2 s`);
      assert.match(error.message, new RegExp(`200000 bytes, sha256 ${sha256}`));
      assert.ok(error.message.includes(join(folder, 'file.bin')));
      return true;
    });
    assert.equal(servers[1].requests.length, 2);
    assert.equal(existsSync(join(folder, 'file.bin')), false);
    assert.equal(existsSync(join(folder, 'file.bin.lock')), false);
  }));

test('two downloads at once fetch the file once', () =>
  trial([[server.good]], async ({ folder, options, servers }) => {
    const both = await Promise.all([download('numbers', options), download('numbers', options)]);
    assert.deepEqual(both.map(({ fetched }) => fetched.length).sort(), [0, 1]);
    assertWhole(folder);
    assert.equal(servers[0].requests.length, 1);
  }));

test('an aborted download stops, keeps what came and goes on later', () =>
  trial([[server.stalls, server.good]], async ({ folder, options, servers }) => {
    const stop = new AbortController();
    const onProgress = ({ done }: { done: number }) => done > 0 && stop.abort();
    await assert.rejects(
      download('numbers', { ...options, stallMs: 60_000, signal: stop.signal, onProgress }),
      { name: 'AbortError' },
    );
    assert.deepEqual(readdirSync(folder), ['file.bin.part']);
    await download('numbers', options);
    assertWhole(folder);
    assert.match(servers[0].requests[1], /from \d+/);
  }));

test('a disk too small for the file is named before anything is asked', () =>
  trial(
    [[server.good]],
    async ({ folder, options, servers }) => {
      await assert.rejects(
        download('numbers', options),
        (error: Error) => error.message.includes(`${folder} has only`) && error.message.includes('free'),
      );
      assert.equal(servers[0].requests.length, 0);
    },
    { bytes: Number.MAX_SAFE_INTEGER },
  ));

test('a disk that fills up in the middle ends the download with the reason, at the first mirror', () =>
  trial([[server.good], [server.good]], async ({ folder, options, servers }) => {
    mkdirSync(folder);
    symlinkSync('/dev/full', join(folder, 'file.bin.part')); // takes no byte, as a full disk
    await assert.rejects(
      download('numbers', options),
      /file\.bin: cannot write .*file\.bin\.part: the disk is full \(ENOSPC\)\nTo put it there by hand/,
    );
    assert.deepEqual([servers[0].requests.length, servers[1].requests.length], [1, 0]);
  }));

test('a folder that cannot be made is named with the reason', () =>
  trial([[server.good]], async ({ folder, options }) => {
    writeFileSync(folder, 'a file');
    const inside = join(folder, 'inside');
    await assert.rejects(
      download('numbers', { ...options, folder: inside }),
      new RegExp(`cannot write ${inside}: a file is in the way of a folder`),
    );
  }));

test('an unknown set is refused with the nearest names', async () => {
  await assert.rejects(download('cifar'), {
    message: 'invalid data set; unknown, did you mean cifar-10, cifar-100 or mnist: cifar',
  });
});
