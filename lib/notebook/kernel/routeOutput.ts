import jupyter = require('tslab/dist/jupyter');

import { setPublisher } from '../publish';
import { setWidgetHost } from '../widgets/widgetHost';
import { currentCell } from './cellContext';
import type { StreamName } from './cellOutput';

/** Sends what is written and shown from now on to the cell that the code doing so belongs to, even when that cell has ended. */
export function routeOutput(): void {
  for (const name of ['stdout', 'stderr'] as const) route(name);
  console.clear = () => currentCell()?.output.send('clear_output', { wait: false });
  setPublisher(() => currentCell()?.output.display);
  setWidgetHost(() => currentCell()?.widgets);
  const tslab: { lastWriteDisplayData: typeof jupyter.lastWriteDisplayData } = jupyter;
  tslab.lastWriteDisplayData = (data, update) => currentCell()?.output.display(data, update);
}

function route(name: StreamName): void {
  const stream = process[name];
  const original = stream.write;
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const output = currentCell()?.output;
    // Before the first cell there is only the server's log.
    if (!output) return Reflect.apply(original, stream, [chunk, ...rest]);
    const [encoding] = rest;
    const isEncoded = typeof chunk === 'string' && typeof encoding === 'string';
    output.write(name, isEncoded ? Buffer.from(chunk, encoding as BufferEncoding) : chunk);
    const done = rest.find((argument) => typeof argument === 'function');
    if (done) process.nextTick(done);
    return true;
  };
}
