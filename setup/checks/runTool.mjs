import { spawn } from 'node:child_process';

/** Runs a Node program in the project folder; its output where it fails, an empty text where it does not. */
export function runTool(place, script, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: place.root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code === 0 ? '' : output || `ended with ${signal ?? code}`));
  });
}
