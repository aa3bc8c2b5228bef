import { join } from 'node:path';

// What would send pip or Python outside the virtual environment, or let another one leak in.
const misleading = [
  'PYTHONHOME',
  'PYTHONPATH',
  'PIP_TARGET',
  'PIP_PREFIX',
  'PIP_USER',
  'PIP_ROOT',
  'VIRTUAL_ENV',
];

/** The environment of the programs set-up starts: caches and temporary files stay inside the project. */
export function installEnvironment(place, env = process.env) {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !misleading.includes(name)));
  return {
    ...kept,
    TMPDIR: place.temporary,
    PIP_CACHE_DIR: place.pipCache,
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_NO_INPUT: '1',
    PYTHONNOUSERSITE: '1',
  };
}

/** The environment of Jupyter: its settings, signatures and sockets stay inside the project unless already set. */
export function jupyterEnvironment(place, env = process.env) {
  return {
    JUPYTER_CONFIG_DIR: join(place.jupyter, 'config'),
    JUPYTER_DATA_DIR: join(place.jupyter, 'data'),
    JUPYTER_RUNTIME_DIR: join(place.jupyter, 'runtime'),
    IPYTHONDIR: join(place.jupyter, 'ipython'),
    ...env,
    VIRTUAL_ENV: place.venv,
    PATH: `${join(place.venv, 'bin')}:${env.PATH ?? ''}`,
  };
}
