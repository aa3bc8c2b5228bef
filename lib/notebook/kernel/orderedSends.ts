/** The part of a ZeroMQ socket that matters here. */
export interface Sender {
  send(frames: Frames): Promise<void>;
}

type Frames = (string | Buffer)[];

/**
 * Makes a socket's `send` safe to call without waiting for the one before. ZeroMQ sends at once as long as it can, but
 * after some hundred messages makes one wait for the event loop, and then refuses all that come meanwhile; tslab would
 * lose those. Refused messages are kept and sent in their order.
 */
export function orderSends(socket: Sender): void {
  const send = socket.send.bind(socket);
  const waiting: Frames[] = [];
  let underWay: Promise<void> = Promise.resolve();

  /** Whether the socket took the message, or is closed and has nobody to tell. */
  function trySend(frames: Frames): boolean {
    try {
      underWay = send(frames).catch(() => {});
      return true;
    } catch (error) {
      return (error as { code?: string }).code !== 'EBUSY';
    }
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      await underWay;
      if (trySend(waiting[0])) waiting.shift();
      else await new Promise((resolve) => setImmediate(resolve));
    }
  }

  socket.send = async (frames) => {
    if (waiting.length === 0 && trySend(frames)) return underWay;
    if (waiting.push(frames) === 1) void drain();
  };
}
