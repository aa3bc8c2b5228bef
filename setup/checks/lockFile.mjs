import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The lines of package-lock.json that tie it to one registry: npm is to use the one the user has configured. */
export function lockFile(place) {
  const text = readFileSync(join(place.root, 'package-lock.json'), 'utf8');
  return boundLines(text).join('\n');
}

export function boundLines(text) {
  return text
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => /"resolved":\s*"[a-z+]+:\/\//.test(line))
    .map(({ line, number }) => `package-lock.json:${number}: ${line.trim()}`);
}
