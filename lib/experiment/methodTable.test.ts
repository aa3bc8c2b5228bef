import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as pathkernel from '..';
import { methods } from '../prune';
import { kinds } from '../reference/kinds';
import { test } from '../testing';
import { analyses } from './analyses';
import { methodPage } from './methodPage';
import { methodFamilies, methodTable } from './methodTable';

test('every built-in method has its line, with what it is about', () => {
  const rows = methodTable();
  for (const name of Object.keys(methods))
    assert.ok(
      rows.some(({ method }) => method === name),
      name,
    );
  for (const { method, formula, paper, cost, taxonomy } of rows) {
    for (const text of [formula, paper, cost]) assert.ok(text.length > 2, `${method}: ${text}`);
    assert.match(taxonomy, /^(universal|specific) speed-up, (before|during|after) training, by /, method);
  }
  const names = rows.map(({ family, method }) => `${family} ${method}`);
  assert.equal(new Set(names).size, names.length);
});

test('the reference kinds that methods name are those of the reference command', () => {
  const known: string[] = [...Object.keys(kinds), 'scores'];
  for (const [name, { about }] of Object.values(methodFamilies).flatMap((entries) => Object.entries(entries)))
    for (const kind of about.references ?? []) assert.ok(known.includes(kind), `${name}: ${kind}`);
  for (const [name, { references }] of Object.entries(analyses))
    for (const kind of references ?? []) assert.ok(known.includes(kind), `${name}: ${kind}`);
});

test('an analysis is named by the function that computes it', () => {
  for (const name of Object.keys(analyses)) {
    const found = name
      .split('.')
      .reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], pathkernel);
    assert.equal(typeof found, 'function', name);
  }
});

test('docs/methods.md is what the table says; node --import tsx docs/methods.mjs writes it', () => {
  assert.equal(readFileSync(join(__dirname, '../../docs/methods.md'), 'utf8'), methodPage());
});
