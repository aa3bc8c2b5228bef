import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseBuild } from './base/arguments.mjs';
import { jupyterEnvironment } from './base/environment.mjs';
import { main } from './base/failure.mjs';
import { placeAt } from './base/place.mjs';
import { say } from './base/say.mjs';
import { setUp } from './setUp.mjs';

// npm start [-- --gpu] [-- any argument of jupyter lab]
await main(async (args) => {
  const place = placeAt();
  const { build, rest } = parseBuild(args, { passOn: true });
  await setUp({ place, build });
  return jupyterLab(place, rest);
});

/** JupyterLab on notebooks/, on this machine only and with a token, as is its default. */
function jupyterLab(place, args) {
  const notebooks = join(place.root, 'notebooks');
  mkdirSync(notebooks, { recursive: true });
  const asRoot = process.getuid?.() === 0 && !args.includes('--allow-root') ? ['--allow-root'] : [];
  if (asRoot.length > 0) say('running as root: JupyterLab is started with --allow-root');
  const kernel = '--MultiKernelManager.default_kernel_name=pathkernel';
  const lab = spawn(place.python, ['-m', 'jupyterlab', notebooks, kernel, ...asRoot, ...args], {
    cwd: notebooks,
    env: jupyterEnvironment(place),
    stdio: 'inherit',
  });
  // Ctrl-C reaches JupyterLab from the terminal; it asks there whether to stop, so it must outlive this handler.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => lab.kill(signal));
  return new Promise((resolve, reject) => {
    lab.on('error', reject);
    lab.on('exit', (code, signal) => resolve(signal ? 1 : code));
  });
}
