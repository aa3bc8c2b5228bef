import { broken, type Finding, note, ok } from './finding';

/** The tested lines of Node and the oldest minor version of each. */
const oldestMinor: Readonly<Record<number, number>> = { 20: 19, 22: 12, 24: 0, 26: 0 };
const tested = 'Node 20.19+, 22.12+, 24 or 26';

/** Whether this Node is one the project is tested on; a newer one is tried all the same. */
export function checkNode(version = process.versions.node): Finding {
  const [major, minor] = version.split('.').map(Number);
  if (minor >= oldestMinor[major]) return ok('Node', version);
  if (major > 22)
    return note('Node', `${version}, untested here`, `should something fail, install ${tested}`);
  return broken('Node', `${version} is too old`, `install ${tested}`);
}
