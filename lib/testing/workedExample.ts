import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../data/dataFolder';

/**
 * What the worked example of CONTRIBUTING.md exports: the block marked ```` ```ts NAME ````, loaded as the file it stands for.
 *
 * @param folder where that file lies, from the project's folder on: its imports start there
 */
export function workedExample(name: string, folder: string): Record<string, unknown> {
  const page = readFileSync(join(projectRoot, 'CONTRIBUTING.md'), 'utf8');
  const [, code] = new RegExp(`^\`\`\`ts ${name}\\n(.*?)^\`\`\`$`, 'ms').exec(page) ?? [];
  if (code === undefined) throw new Error(`CONTRIBUTING.md has no example ${name}`);
  const place = mkdtempSync(join(tmpdir(), 'pathkernel-example-'));
  try {
    const path = join(place, `${name}.ts`);
    const absolute = (_: string, relative: string) => `from '${join(projectRoot, folder, relative)}'`;
    writeFileSync(path, code.replace(/from '(\.[^']*)'/g, absolute));
    return require(path);
  } finally {
    rmSync(place, { recursive: true });
  }
}
