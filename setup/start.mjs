import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseBuild } from './base/arguments.mjs';
import { jupyterEnvironment } from './base/environment.mjs';
import { main } from './base/failure.mjs';
import { placeAt } from './base/place.mjs';
import { runForeground } from './base/runForeground.mjs';
import { say } from './base/say.mjs';
import { labArguments } from './labArguments.mjs';
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
  const all = labArguments(place, args);
  if (all.includes('--allow-root')) say('running as root: JupyterLab is started with --allow-root');
  return runForeground(place.python, ['-m', 'jupyterlab', ...all], {
    cwd: notebooks,
    env: jupyterEnvironment(place),
  });
}
