import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from '../../data/dataFolder';
import { filesOf, type Manifest, readManifest } from '../../data/manifest';
import { broken, type Finding, note, ok } from './finding';

/** What is there of the data sets: the sample that comes with the project, and what was downloaded. */
export function checkData(root: string, manifest?: Manifest): Finding[] {
  const sets = Object.entries(manifest ?? readManifest()).map(([name, set]) => {
    const folder = dataFolder(name);
    const files = filesOf(set);
    return { name, folder, files, present: files.filter((file) => existsSync(join(folder, file))) };
  });
  const started = sets.filter(({ present }) => present.length > 0);
  const absent = sets.filter(({ present }) => present.length === 0).map(({ name }) => name);
  return [
    checkSample(join(root, 'data', 'fashion-mnist')),
    ...started.map(({ name, folder, files, present }) =>
      present.length === files.length
        ? ok(`data ${name}`, folder)
        : note(
            `data ${name}`,
            `${present.length} of ${files.length} files in ${folder}`,
            `npx pathkernel data ${name}`,
          ),
    ),
    ...(absent.length > 0
      ? [note('data to download', absent.join(', '), 'npx pathkernel data NAME, when you want it')]
      : []),
  ];
}

function checkSample(folder: string): Finding {
  const name = 'data fashion-mnist';
  if (existsSync(folder)) return ok(name, folder);
  return broken(name, `${folder} is not there`, 'git checkout data restores it');
}
