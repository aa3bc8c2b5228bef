import { closeSync, openSync, readdirSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Points the environment's scripts at its own Python again, which a moved or copied project folder needs. */
export function repairScripts(place) {
  const folder = join(place.venv, 'bin');
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const { head, python } = launcher(firstBytes(path));
    if (python === undefined || python.startsWith(place.python)) continue;
    const body = readFileSync(path, 'utf8').slice(head.length);
    writeFileSync(path, `${launcherFor(place.python)}${body}`);
  }
}

const plain = /^#!(\/.*\/\.venv\/bin\/python[\d.]*)\n/;
const throughShell = /^#!\/bin\/sh\n'''exec' "?(\/.*\/\.venv\/bin\/python[\d.]*)"? "\$0" "\$@"\n' '''\n/;
const longestPlain = 127; // bytes of a `#!` line that every Linux reads

/** The lines by which a script starts a virtual environment's Python, and that Python. */
function launcher(start) {
  const [head, python] = plain.exec(start) ?? throughShell.exec(start) ?? [];
  return { head, python };
}

// As pip writes them: a `#!` line can neither hold a space nor be long.
function launcherFor(python) {
  const line = `#!${python}\n`;
  if (!/\s/.test(python) && line.length <= longestPlain) return line;
  return `#!/bin/sh\n'''exec' "${python}" "$0" "$@"\n' '''\n`;
}

function firstBytes(path) {
  try {
    const file = openSync(path, 'r');
    const buffer = Buffer.alloc(1024);
    const length = readSync(file, buffer, 0, buffer.length, 0);
    closeSync(file);
    return buffer.toString('utf8', 0, length);
  } catch {
    return '';
  }
}
