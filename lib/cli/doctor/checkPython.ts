import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { broken, type Finding, ok } from './finding';

const question = `
import platform, importlib.metadata as m
print(platform.python_version(), m.version('jupyterlab'), m.version('plotly'))
`;

/** Whether the project's Python environment is there and holds JupyterLab. */
export function checkPython(root: string): Finding {
  const python = join(root, '.venv', 'bin', 'python');
  if (!existsSync(python)) return broken('JupyterLab', 'there is no Python environment .venv');
  const { status, stdout } = spawnSync(python, ['-c', question], { encoding: 'utf8' });
  if (status !== 0) return broken('JupyterLab', '.venv holds no JupyterLab, or its Python does not run');
  const [version, jupyterLab, plotly] = stdout.trim().split(' ');
  return ok('JupyterLab', `${jupyterLab}, plotly ${plotly}, on Python ${version}`);
}
