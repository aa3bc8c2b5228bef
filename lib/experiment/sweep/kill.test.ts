import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../tensor/random';
import { type ConfigInput, readConfig, runHash } from '../config';
import { readRun } from '../run';
import { numbersOf, shortRun, withFolder } from '../run/testRun';
import { startWorker, type Worker } from './startWorker';

const kills = 50;
const config: ConfigInput = { ...shortRun, train: { epochs: 8, batch: 10 } };
const full = readConfig(config);

test(`a run killed at random moments, ${kills} times in all, ends with the numbers of an undisturbed one`, () =>
  withFolder(async (folder) => {
    const random = createRandom('kill');
    // The next process starts while one is at work: starting takes longer than running.
    const waiting = [startWorker(1)];
    const next = (): Worker => {
      waiting.push(startWorker(1));
      return waiting.shift()!;
    };
    try {
      const undisturbed = next();
      await undisturbed.run({ config: full, plugins: [], folder: join(folder, 'undisturbed') });
      undisturbed.close();
      const expected = numbersOf(await recordIn(join(folder, 'undisturbed')));
      let killed = 0;
      let finished = 0;
      const reached = new Set<number>();
      for (let round = 0; killed < kills; round++) {
        const own = join(folder, `round ${round}`);
        for (let isDone = false; !isDone; ) {
          const worker = next();
          let progress: () => void = () => undefined;
          await worker.ready;
          // After some signs of progress, and then a while: before the first files as well as between two epochs.
          let signs = random.integer(4) === 0 ? 0 : random.integer(12);
          const wait = async () => sleep((signs === 0 ? 300 : 60) * random.uniform(), true);
          const moment = new Promise<boolean>((resolve) => {
            if (signs === 0) resolve(wait());
            progress = () => --signs === 0 && resolve(wait());
          });
          const end = worker.run({ config: full, plugins: [], folder: own }, () => progress());
          const isKilled = killed < kills && (await Promise.race([moment, end.then(() => false)]));
          if (isKilled) {
            worker.kill();
            killed++;
          }
          const outcome = await end;
          isDone = outcome.state === 'done';
          if (!isDone) assert.match(outcome.state === 'failed' ? outcome.error : outcome.state, /SIGKILL/);
          worker.close();
          const record = await readRun(join(own, runHash(full)));
          reached.add(record?.epochs.length ?? 0);
        }
        assert.deepEqual(numbersOf(await recordIn(own)), expected);
        finished++;
        await fs.rm(own, { recursive: true });
      }
      assert.ok(finished >= 5, `${finished} runs`);
      assert.ok(reached.size >= 5, `killed after ${[...reached]} epochs only`);
    } finally {
      for (const worker of waiting) worker.kill();
    }
  }));

async function recordIn(folder: string) {
  const record = await readRun(join(folder, runHash(full)));
  assert.ok(record?.result);
  return record;
}
