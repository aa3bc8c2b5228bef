import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Asserts that a value, its numbers rounded to three decimals (three digits where smaller than 1), is the stored one.
 * With UPDATE_STORED=1 it is stored instead; read the difference before committing it.
 *
 * @param path of the stored JSON
 */
export function assertStored(path: string, value: unknown): void {
  const text = `${JSON.stringify(value, rounded, 1)}\n`;
  if (process.env.UPDATE_STORED === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  assert.ok(existsSync(path), `nothing stored at ${path}; UPDATE_STORED=1 stores it`);
  assert.deepEqual(JSON.parse(text), JSON.parse(readFileSync(path, 'utf8')));
}

function rounded(_: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  return Math.abs(value) < 1 ? Number(value.toPrecision(3)) : Math.round(value * 1000) / 1000;
}
