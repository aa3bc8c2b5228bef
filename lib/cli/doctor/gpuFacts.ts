import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nvidiaGpus } from './checkMachine';

/** What tells whether, and why not, TensorFlow finds a GPU. */
export interface GpuFacts {
  /** Which build of TensorFlow set-up installed. */
  build: 'cpu' | 'gpu';
  /** NVIDIA GPUs by the names that the driver gives them. */
  names: readonly string[];
  /** Whether the system shows a GPU: `/dev/nvidia0`, or `/dev/dxg` under WSL. */
  hasDevice: boolean;
  /** Whether the driver's library is there, libcuda.so.1. */
  hasLibrary: boolean;
  /** Of the driver: `535.104.05`; absent where none is loaded. */
  driver?: string;
  /** CUDA_VISIBLE_DEVICES; absent where it is not set. */
  visible?: string;
  /** Packages of the CUDA build that set-up installs and that are not there. */
  missing: readonly string[];
}

/** Looks at a project folder and this machine. */
export function gpuFacts(root: string): GpuFacts {
  const packages = installed(root);
  return {
    build: packages.has('tensorflow') && !packages.has('tensorflow-cpu') ? 'gpu' : 'cpu',
    names: nvidiaGpus(),
    hasDevice: list('/dev').some((name) => /^nvidia\d+$|^dxg$/.test(name)),
    hasLibrary: hasDriverLibrary(),
    driver: driverVersion(),
    visible: process.env.CUDA_VISIBLE_DEVICES,
    missing: wanted(root).filter((name) => !packages.has(name)),
  };
}

/** The version in what the driver says of itself; absent where it says nothing. */
export function driverVersion(file = '/proc/driver/nvidia/version'): string | undefined {
  try {
    return /NVRM version:.*?\s(\d+\.[\d.]+)/.exec(readFileSync(file, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

function hasDriverLibrary(): boolean {
  const folders = [...(process.env.LD_LIBRARY_PATH ?? '').split(':'), '/usr/lib/wsl/lib'];
  if (folders.some((folder) => folder !== '' && existsSync(join(folder, 'libcuda.so.1')))) return true;
  const { stdout } = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' });
  return /\blibcuda\.so\.1\b/.test(stdout ?? '');
}

/** Names of the Python packages in the project's environment. */
function installed(root: string): Set<string> {
  const lib = join(root, '.venv', 'lib');
  const names = list(lib).flatMap((python) => list(join(lib, python, 'site-packages')));
  const found = names.flatMap((name) => /^(.+?)-[^-]+\.dist-info$/.exec(name)?.[1] ?? []);
  return new Set(found.map((name) => name.toLowerCase().replaceAll('_', '-')));
}

/** Names of the packages that the CUDA build takes. */
function wanted(root: string): string[] {
  const file = join(root, 'setup', 'requirements-gpu.txt');
  if (!existsSync(file)) return [];
  return [...readFileSync(file, 'utf8').matchAll(/^([\w-]+)==/gm)].map(([, name]) => name);
}

function list(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
