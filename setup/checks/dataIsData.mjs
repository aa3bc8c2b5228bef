import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { filesBelow } from '../base/filesBelow.mjs';

const kernel = ['lib', 'notebook', 'kernel', ''].join(sep);

/** The lines of lib/ that evaluate a text as a program. Only the kernel may, which does so with cells. */
export function dataIsData(place) {
  return filesBelow(place.root, 'lib', /\.(ts|cjs|mjs|js)$/)
    .map((path) => ({ path, name: relative(place.root, path) }))
    .filter(({ name }) => !name.startsWith(kernel))
    .flatMap(({ path, name }) => evaluatingLines(readFileSync(path, 'utf8'), name))
    .join('\n');
}

export function evaluatingLines(text, path) {
  return text
    .split('\n')
    .map((line, index) => ({ code: line.replace(/\/\/.*|^\s*\*.*/, ''), number: index + 1 }))
    .filter(({ code }) => /\beval\s*\(|\bFunction\s*\(|['"](node:)?vm['"]/.test(code))
    .map(({ number }) => `${path}:${number}: evaluates a text; data are read, never run`);
}
