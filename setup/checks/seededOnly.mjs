import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { filesBelow } from '../base/filesBelow.mjs';

/** The lines of lib/ that draw unseeded random numbers. */
export function seededOnly(place) {
  return filesBelow(place.root, 'lib', /\.(ts|cjs|mjs|js)$/)
    .flatMap((path) => unseededLines(readFileSync(path, 'utf8'), relative(place.root, path)))
    .join('\n');
}

export function unseededLines(text, path) {
  return text
    .split('\n')
    .map((line, index) => ({ code: line.replace(/\/\/.*|^\s*\*.*/, ''), number: index + 1 }))
    .filter(({ code }) => /\bMath\s*(\.\s*random\b|\[\s*['"`]random)/.test(code))
    .map(({ number }) => `${path}:${number}: Math.random; use the seeded generators of lib/tensor`);
}
