import assert from 'node:assert/strict';
import { test as nodeTest, type TestContext } from 'node:test';
import { tf } from '../tensor';

/** node:test's `test`, which fails where the body leaves tensors behind. */
export function test(name: string, body: (context: TestContext) => void | Promise<void>): void {
  nodeTest(name, async (context) => {
    const before = tf.memory().numTensors;
    await body(context);
    const leaked = tf.memory().numTensors - before;
    assert.equal(leaked, 0, `${leaked} tensors left behind`);
  });
}
