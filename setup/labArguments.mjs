import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is ours in JupyterLab: figures that are at home in a dark theme. */
export const labExtensions = join(dirname(fileURLToPath(import.meta.url)), 'labextensions');

const baseUrl = /^--(ServerApp|LabApp|NotebookApp)\.base_url(=|$)/;

/**
 * What JupyterLab is started with: notebooks/ and this project's kernel, then the arguments given. Address and token stay
 * Jupyter's own: this machine only, and a token made anew each time.
 *
 * @param args passed on as they are
 * @param env under JupyterHub it names the path that the hub passes on (JUPYTERHUB_SERVICE_PREFIX)
 * @param asRoot whether root starts it, which JupyterLab refuses unless it is told
 */
export function labArguments(place, args, { env = process.env, asRoot = process.getuid?.() === 0 } = {}) {
  const prefix = env.JUPYTERHUB_SERVICE_PREFIX;
  return [
    join(place.root, 'notebooks'),
    '--MultiKernelManager.default_kernel_name=pathkernel',
    `--LabApp.extra_labextensions_path=${labExtensions}`,
    ...(asRoot && !args.includes('--allow-root') ? ['--allow-root'] : []),
    ...(prefix && !args.some((arg) => baseUrl.test(arg)) ? [`--ServerApp.base_url=${prefix}`] : []),
    ...args,
  ];
}
