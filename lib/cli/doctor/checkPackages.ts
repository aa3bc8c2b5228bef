import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { broken, type Finding, ok } from './finding';

/** Whether node_modules holds what lib/package.json asks for. */
export function checkPackages(root: string): Finding {
  const { dependencies } = readManifest(join(root, 'lib')) ?? {};
  if (dependencies === undefined)
    return broken('npm packages', `${root} lacks lib/package.json`, 'clone the project anew');
  const places = [join(root, 'lib', 'node_modules'), join(root, 'node_modules')];
  const wrong = Object.entries(dependencies).flatMap(([name, wanted]) => {
    const found = places.map((folder) => readManifest(join(folder, name))?.version).find(Boolean);
    return found === wanted ? [] : [`${name} ${found ?? 'is missing'}`];
  });
  if (wrong.length > 0) return broken('npm packages', wrong.join(', '));
  return ok(
    'npm packages',
    Object.entries(dependencies)
      .map((entry) => entry.join(' '))
      .join(', '),
  );
}

function readManifest(
  folder: string,
): { version?: string; dependencies?: Record<string, string> } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch {
    return undefined;
  }
}
