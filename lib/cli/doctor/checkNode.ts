import { broken, type Finding, ok } from './finding';

/** The supported lines of Node and the oldest minor version of each. */
const oldestMinor: Readonly<Record<number, number>> = { 20: 19, 22: 12, 24: 0 };

/** Whether this Node is one the project runs on. */
export function checkNode(version = process.versions.node): Finding {
  const [major, minor] = version.split('.').map(Number);
  if (minor >= oldestMinor[major]) return ok('Node', version);
  return broken('Node', `${version} is not supported`, 'install Node 20.19+, 22.12+ or 24');
}
