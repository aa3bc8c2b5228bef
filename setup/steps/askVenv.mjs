import { spawnSync } from 'node:child_process';
import { installEnvironment } from '../base/environment.mjs';

/** What a command of the virtual environment's Python prints, or undefined where it fails. */
export function askVenv(place, args) {
  const { status, stdout } = spawnSync(place.python, args, {
    env: installEnvironment(place),
    encoding: 'utf8',
  });
  return status === 0 ? stdout : undefined;
}
