import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { projectRoot } from '../data/dataFolder';

/** The notebooks of the project, those of solutions too: by name (`00-start-here`), paths a terminal can open. */
export function projectNotebooks(): Record<string, string> {
  const folder = join(projectRoot, 'notebooks');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ipynb') && !path.includes('.ipynb_checkpoints'))
    .sort();
  const named = files.map((path) => [
    path.slice(0, -'.ipynb'.length),
    relative(process.cwd(), join(folder, path)),
  ]);
  return Object.fromEntries(named);
}
