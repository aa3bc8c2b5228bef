import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { test } from '../../testing';
import { shortRun, withFolder } from '../run/testRun';
import { exportTensorBoard } from '.';
import { madeUpEpochs, writeRecord } from './testRecords';

/** The records of a file of events: length [8], its checksum [4], an event of so many bytes, its checksum [4]. */
function eventsOf(folder: string): Buffer[] {
  const [name, ...others] = fs.readdirSync(folder);
  assert.match(name, /^events\.out\.tfevents\./);
  assert.deepEqual(others, []);
  const bytes = fs.readFileSync(join(folder, name));
  const events: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    events.push(bytes.subarray(at + 12, at + 12 + length));
    at += length + 16;
  }
  return events;
}

test('the epochs of each run are events of TensorBoard, a folder a run, and written anew by a second export', () =>
  withFolder(async (folder) => {
    const [first, second] = [1, 2].map((seed) =>
      writeRecord(
        folder,
        { ...shortRun, seed, train: { epochs: 2 } },
        { epochs: madeUpEpochs([0.1, 0.5, 0.75]) },
      ),
    );
    fs.writeFileSync(join(folder, 'notes.txt'), 'mine');
    const messages: string[] = [];
    const options = { folder, onMessage: (message: string) => void messages.push(message) };
    const target = join(folder, '.events');
    await exportTensorBoard(target, options);
    const written = await exportTensorBoard(target, options);
    assert.deepEqual(
      written.map(({ hash }) => hash),
      [first, second].sort(),
    );
    assert.match(messages.join(), /notes\.txt is not the folder of a run; left out/);
    for (const { hash, path, scalars } of written) {
      assert.match(path, new RegExp(`fc-6-3-on-synthetic-10-synflow-compression-10-.*-seed-[12]-${hash}$`));
      const [head, ...events] = eventsOf(path);
      assert.match(head.toString('latin1'), /brain\.Event:2/);
      assert.equal(events.length, scalars);
      const value = Buffer.alloc(4);
      value.writeFloatLE(0.75);
      const last = events.filter((event) => event.includes('testTop1') && event.includes(value));
      assert.equal(last.length, 1);
    }
    const [only] = await exportTensorBoard(target, { ...options, hashes: [second] });
    assert.equal(only.hash, second);
    await assert.rejects(exportTensorBoard(''), { message: 'invalid folder; not a path: ""' });
    await assert.rejects(
      exportTensorBoard(join(folder, 'notes.txt', 'events'), options),
      /cannot write .*notes\.txt/,
    );
  }));
