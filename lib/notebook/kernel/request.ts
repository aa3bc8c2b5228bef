import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { toJson } from '../../base/toJson';

/** A message to the kernel, and how to answer it: tslab shows its own only to the handlers of those it knows. */
export interface Request {
  type: string;
  content: Record<string, unknown>;
  /** The frames of an answer, signed. */
  answer(type: string, content: object): (string | Buffer)[];
}

/** Between those a message goes to and its signature. */
export const DELIMITER = '<IDS|MSG>';

/**
 * Reads a message of Jupyter's protocol off the wire.
 *
 * @param key what messages are signed with
 * @returns undefined for one that is malformed or signed by somebody else
 */
export function readRequest(key: string, frames: readonly Buffer[]): Request | undefined {
  const delimiter = frames.findIndex((frame) => frame.toString() === DELIMITER);
  const [signature, header, parent, metadata, content] = frames.slice(delimiter + 1);
  if (delimiter < 0 || !content) return undefined;
  if (!isSame(signature.toString(), sign(key, [header, parent, metadata, content]))) return undefined;
  const parsed = JSON.parse(header.toString());
  return {
    type: parsed.msg_type,
    content: JSON.parse(content.toString()),
    answer: (type, answered) =>
      answerTo({ identities: frames.slice(0, delimiter), header: parsed }, key, type, answered),
  };
}

/** Who asked, and the header of what was asked. */
export interface Asked {
  identities: readonly Buffer[];
  header: { session?: unknown; username?: unknown };
}

/**
 * The frames of an answer, signed.
 *
 * @param content anything: what JSON refuses becomes text
 */
export function answerTo(
  asked: Asked,
  key: string,
  type: string,
  content: object,
  metadata: object = {},
): (string | Buffer)[] {
  const { session, username } = asked.header;
  const own = { msg_id: randomUUID(), msg_type: type, session, username, version: '5.3' };
  const body = [{ ...own, date: new Date().toISOString() }, asked.header, metadata, content].map(toJson);
  return [...asked.identities, DELIMITER, sign(key, body), ...body];
}

/** The signature of a message's parts after it. */
export function sign(key: string, parts: readonly (string | Buffer)[]): string {
  const hash = createHmac('sha256', key);
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
