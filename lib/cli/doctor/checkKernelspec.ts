import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { broken, type Finding, ok } from './finding';

/** Whether JupyterLab is offered the project's kernel, and the kernel of this very folder. */
export function checkKernelspec(root: string): Finding {
  const name = 'kernelspec';
  const path = join(root, '.venv', 'share', 'jupyter', 'kernels', 'pathkernel', 'kernel.json');
  if (!existsSync(path)) return broken(name, 'the notebook kernel is not registered');
  const argv = readArgv(path);
  if (argv === undefined) return broken(name, `${path} cannot be read`);
  const [node, kernel] = argv;
  if (!existsSync(node)) return broken(name, `it starts ${node}, which is not there`);
  if (kernel !== join(root, 'lib', 'notebook', 'kernel.cjs')) {
    return broken(name, `it starts ${kernel}, not this folder's kernel`);
  }
  if (!existsSync(kernel))
    return broken(name, `${kernel} is not there`, 'git status shows what became of it');
  return ok(name, path);
}

function readArgv(path: string): string[] | undefined {
  try {
    const { argv } = JSON.parse(readFileSync(path, 'utf8'));
    const isList = Array.isArray(argv) && argv.length >= 2 && argv.every((word) => typeof word === 'string');
    return isList ? argv : undefined;
  } catch {
    return undefined;
  }
}
