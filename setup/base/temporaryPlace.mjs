import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { placeAt } from './place.mjs';

/** For tests: an empty project folder that goes when the test ends, and a way to put files into it. */
export function temporaryPlace(t) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'pathkernel-setup-')));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const put = (path, content = '') => {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, typeof content === 'string' ? content : JSON.stringify(content));
    return full;
  };
  return { place: placeAt(root), put };
}
