import { readFileSync } from 'node:fs';
import { replaceFile } from '../base/stamp.mjs';

/** The kernelspec, inside the Python environment: JupyterLab started from it offers the kernel, no other does. */
export const kernelspec = {
  name: 'kernelspec',
  needs: [],
  right: ({ place }) => read(place.kernelspec) === kernelspecText(place),
  async make({ place }) {
    replaceFile(place.kernelspec, kernelspecText(place));
    return place.kernelspec.slice(place.root.length + 1);
  },
};

export function kernelspecText(place, node = process.execPath) {
  const spec = {
    argv: [node, place.kernel, '{connection_file}'],
    display_name: 'TypeScript (pathkernel)',
    language: 'typescript',
    interrupt_mode: 'signal',
    env: { TF_CPP_MIN_LOG_LEVEL: '2' },
    metadata: { debugger: false },
  };
  return `${JSON.stringify(spec, null, 2)}\n`;
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
