import { DELIMITER, sign } from './request';
import { type Frames, type Sender, withSend } from './withSend';

/** An escape in JSON; of characters between d800 and dfff JSON writes only those so that stand without their other half. */
const ESCAPE = /\\(?:u(d[89a-f][0-9a-f]{2})|.)/g;

/**
 * The same socket, through which nothing leaves but well-formed text: half a surrogate pair, as `'😀'.slice(0, 1)` is one,
 * becomes U+FFFD in values and keys, as it does in every text that is written to a file. Python's programs would fail at it,
 * and leave an empty notebook.
 *
 * @param key what messages are signed with
 */
export function withWellFormedText<S extends Sender>(socket: S, key: string): S {
  return withSend(socket, (frames) => socket.send(wellFormed(frames, key)));
}

/** The frames of a message with well-formed text, signed anew. */
export function wellFormed(frames: Frames, key: string): Frames {
  const start = frames.findIndex((frame) => String(frame) === DELIMITER) + 2;
  const body = frames.slice(start);
  if (!body.some((part) => part.includes('\\ud'))) return frames;
  const mended = body.map((json) => String(json).replace(ESCAPE, (text, half) => (half ? '\\ufffd' : text)));
  return [...frames.slice(0, start - 1), sign(key, mended), ...mended];
}
