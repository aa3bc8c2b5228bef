import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { say } from '../base/say.mjs';
import { fetchNode } from './fetchNode.mjs';
import { newestNodes } from './nodeLines.mjs';
import { program } from './program.mjs';
import { withCopy } from './projectCopy.mjs';
import { setUpAndTest } from './setUpAndTest.mjs';
import { outerEnvironment } from './underNode.mjs';

const certificates = '/etc/ssl/certs/ca-certificates.crt';

/**
 * Sets up and tests a copy of the project in Debian's next release, in a folder of its own: the Python, the compiler and the
 * C library that systems will have. Left out for who is not root or has no debootstrap.
 */
export async function debianUnstable(place, tests) {
  if (process.getuid() !== 0 || spawnSync('debootstrap', ['--version']).status !== 0) {
    say('Debian unstable: left out, as it takes root and debootstrap');
    return;
  }
  const system = realpathSync(mkdtempSync(join(tmpdir(), 'pathkernel-debian-')));
  try {
    const packages = '--include=python3-venv,g++,make,ca-certificates';
    await program('debootstrap', ['--variant=minbase', packages, 'unstable', system], { cwd: place.root });
    copyFileSync(certificates, join(system, certificates)); // a network may have some of its own
    const { bin, npm } = await fetchNode(place, newestNodes.at(-1));
    const folder = join(dirname(bin), '..', '..');
    cpSync(folder, join(system, 'opt', 'node'), { recursive: true });
    const inside = (path) => path.replace(folder, '/opt/node');
    await withCopy(
      place,
      (root) => {
        const options = {
          cwd: place.root,
          env: { ...outerEnvironment(), HOME: '/root', PATH: `${inside(bin)}:/usr/sbin:/usr/bin:/sbin:/bin` },
        };
        const at = root.slice(system.length);
        const run = (...args) =>
          program('unshare', ['--mount', 'sh', '-c', enter, system, at, 'node', ...args], options);
        return setUpAndTest(run, { npm: inside(npm), tests });
      },
      join(system, 'root'),
    );
  } finally {
    execFileSync('rm', ['-rf', '--one-file-system', system]);
  }
}

// With /proc in it, for this one program only: what is mounted goes when the program ends.
const enter = 'mount --bind /proc "$0/proc" && exec chroot "$0" /usr/bin/env -C "$@"';
