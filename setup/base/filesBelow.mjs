import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The paths of all files below `root/folder` whose name fits, in a fixed order. */
export function filesBelow(root, folder, fits) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.name === 'node_modules') return [];
      if (entry.isDirectory()) return filesBelow(root, join(folder, entry.name), fits);
      return fits.test(entry.name) ? [join(root, folder, entry.name)] : [];
    });
}
