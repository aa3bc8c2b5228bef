import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertStored } from '../testing/assertStored';
import type { Figure } from './figure';

/** Tests what holds for every figure: it is as stored in fixtures/, its labels are whole, and it is plain data. For tests. */
export function testDrawn(drawn: Readonly<Record<string, Figure>>): void {
  for (const [name, figure] of Object.entries(drawn)) {
    test(`${name} is drawn as stored`, () => {
      assertStored(join(__dirname, 'fixtures', `${name}.json`), figure);
    });

    test(`${name} has a whole hover label for every point that has one`, () => {
      for (const trace of figure.data) {
        const texts = trace.hovertext.flat();
        const points = trace.type === 'heatmap' ? trace.z.flat().length : trace.y.length;
        assert.equal(texts.length, 'hoverinfo' in trace && trace.hoverinfo === 'skip' ? 0 : points);
        for (const text of texts) assert.doesNotMatch(text, /undefined|NaN|null|Infinity|\[object/);
      }
    });

    test(`${name} is the same after a passage through JSON`, () => {
      assert.deepEqual(JSON.parse(JSON.stringify(figure)), figure);
    });
  }
}
