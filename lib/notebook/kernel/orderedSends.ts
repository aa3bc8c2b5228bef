import { type Frames, type Sender, withSend } from './withSend';

/**
 * The same socket with a `send` that is safe to call without waiting for the one before. ZeroMQ sends at once as long as it can, but
 * after some hundred messages makes one wait for the event loop, and then refuses all that come meanwhile; tslab would
 * lose those. Refused messages are kept and sent in their order.
 */
export function withOrderedSends<S extends Sender>(socket: S): S {
  const waiting: Frames[] = [];
  let underWay: Promise<void> = Promise.resolve();

  /** Whether the socket took the message, or is closed and has nobody to tell. */
  function trySend(frames: Frames): boolean {
    try {
      underWay = socket.send(frames).catch(() => {});
      return true;
    } catch (error) {
      return (error as { code?: string }).code !== 'EBUSY';
    }
  }

  // By timers alone: what waits for a promise is lost where code of a cell is stopped by force (stopWatch.ts).
  function drain(): void {
    while (waiting.length > 0) {
      if (!trySend(waiting[0])) {
        setImmediate(drain);
        return;
      }
      waiting.shift();
    }
  }

  const send: Sender['send'] = async (frames) => {
    if (waiting.length === 0 && trySend(frames)) return underWay;
    if (waiting.push(frames) === 1) setImmediate(drain);
  };

  return withSend(socket, send);
}
