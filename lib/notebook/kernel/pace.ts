import { DELIMITER } from './request';
import { type Frames, type Sender, withSend } from './withSend';

/**
 * What leaves within so many milliseconds. A Jupyter server lets 1,000 messages and 1,000,000 bytes of text a second through,
 * as means of 3 seconds, and drops all that comes above, errors and figures too (`iopub_msg_rate_limit`,
 * `iopub_data_rate_limit` and `rate_limit_window` of its `ZMQChannelsWebsocketConnection`). These lie below, so that a
 * server that was busy for a second and reads two bursts as one drops nothing either; two bursts of messages it may read as one
 * at any time.
 */
export const BOUNDS = { messages: 1400, bytes: 2_400_000, ms: 4000 };

/** What the server does not count. */
const FREE = ['status', 'execute_input', 'comm_open'];

export interface Paced<S> {
  socket: S;
  /** Resolves when nothing waits. */
  drained(): Promise<void>;
}

interface Waiting {
  frames: Frames;
  kind: Kind;
  /** The place that is drawn anew. */
  place?: string;
}

interface Kind {
  type: string;
  /** That count: of text only. */
  bytes: number;
  isIdle: boolean;
}

/**
 * The same socket with a `send` that lets messages wait where too many were sent before, in their order; of several that wait
 * to redraw one place only the newest is sent.
 */
export function withPace<S extends Sender>(
  socket: S,
  bounds = BOUNDS,
  now = () => performance.now(),
): Paced<S> {
  let sent: { at: number; bytes: number }[] = [];
  const waiting: Waiting[] = [];
  const onDrained: (() => void)[] = [];

  /** How long a message has to wait, in milliseconds. */
  function delay({ type, bytes }: Kind): number {
    if (FREE.includes(type)) return 0;
    sent = sent.filter(({ at }) => at > now() - bounds.ms);
    const total = sent.reduce((sum, one) => sum + one.bytes, 0);
    const fits = sent.length < bounds.messages && (bytes === 0 || total + bytes <= bounds.bytes);
    return fits || sent.length === 0 ? 0 : sent[0].at + bounds.ms - now();
  }

  function pass({ frames, kind }: Waiting): Promise<void> {
    // The server begins to count anew.
    if (kind.isIdle) sent = [];
    else if (!FREE.includes(kind.type)) sent.push({ at: now(), bytes: kind.bytes });
    return socket.send(frames);
  }

  function drain(): void {
    while (waiting.length > 0) {
      const ms = delay(waiting[0].kind);
      if (ms > 0) {
        setTimeout(drain, ms);
        return;
      }
      void pass(waiting.shift() as Waiting);
    }
    for (const resolve of onDrained.splice(0)) resolve();
  }

  const send: Sender['send'] = async (frames) => {
    const kind = kindOf(frames);
    if (waiting.length === 0 && delay(kind) === 0) return pass({ frames, kind });
    const place = placeOf(frames, kind);
    const same = waiting.find((one) => place !== undefined && one.place === place);
    if (same) same.frames = frames;
    else if (waiting.push({ frames, kind, place }) === 1) drain();
  };

  return {
    socket: withSend(socket, send),
    drained: () =>
      waiting.length === 0 ? Promise.resolve() : new Promise((resolve) => onDrained.push(resolve)),
  };
}

function kindOf(frames: Frames): Kind {
  const [header, , , content] = partsOf(frames);
  const type: string = JSON.parse(header).msg_type;
  return {
    type,
    bytes: type === 'stream' ? frames.reduce((sum, frame) => sum + Buffer.byteLength(frame), 0) : 0,
    isIdle: type === 'status' && JSON.parse(content).execution_state === 'idle',
  };
}

function placeOf(frames: Frames, { type }: Kind): string | undefined {
  if (type !== 'update_display_data') return undefined;
  const [, , , content] = partsOf(frames);
  return JSON.parse(content).transient?.display_id;
}

/** Header, parent header, metadata and content. */
function partsOf(frames: Frames): string[] {
  return frames.slice(frames.findIndex((frame) => String(frame) === DELIMITER) + 2).map(String);
}
