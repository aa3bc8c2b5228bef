import { closeSync, openSync, readdirSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Points the environment's scripts at its own Python again, which a moved or copied project folder needs. */
export function repairScripts(place) {
  const folder = join(place.venv, 'bin');
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const wrong = foreignPython(firstBytes(path), place);
    if (wrong === undefined) continue;
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, `#!${place.python}${text.slice(wrong.length)}`);
  }
}

/** The `#!` line of a script that runs another environment's Python, or undefined. */
export function foreignPython(start, place) {
  const line = /^#!(.*\/\.venv\/bin\/python[\d.]*)(?=\n)/.exec(start);
  if (line === null || line[1].startsWith(`${place.python}`)) return undefined;
  return line[0];
}

function firstBytes(path) {
  try {
    const file = openSync(path, 'r');
    const buffer = Buffer.alloc(512);
    const length = readSync(file, buffer, 0, buffer.length, 0);
    closeSync(file);
    return buffer.toString('latin1', 0, length);
  } catch {
    return '';
  }
}
