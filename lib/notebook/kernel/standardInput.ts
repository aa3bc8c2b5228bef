import { Readable } from 'node:stream';

/** Whoever reads one line and stops has stopped by then: there is to be no question that nobody waits for. */
const SETTLE_MS = 100;

/**
 * A stream that asks for a line each time it is read.
 *
 * @param ask the next line; undefined at the end of the input
 */
export function createStandardInput(ask: () => Promise<string | undefined>): Readable {
  let isWanted = false;
  let isAsking = false;
  const stream = new Readable({
    read() {
      isWanted = true;
      consider();
    },
  });
  const isRead = () =>
    stream.listenerCount('readable') > 0 || (stream.listenerCount('data') > 0 && !stream.isPaused());

  function consider(): void {
    setTimeout(() => {
      if (!isWanted || isAsking || !isRead()) return;
      isAsking = true;
      ask().then(
        (line) => {
          isWanted = isAsking = false;
          stream.push(line === undefined ? null : `${line}\n`);
        },
        (error) => stream.destroy(error),
      );
    }, SETTLE_MS);
  }

  stream.on('newListener', consider);
  stream.on('resume', consider);
  // What scripts call that are to end although they could read.
  return Object.assign(stream, { fd: 0, ref: () => stream, unref: () => stream });
}
