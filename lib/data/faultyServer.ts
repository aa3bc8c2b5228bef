import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the test server answers one request for a file with these bytes. */
export type Answer = (request: IncomingMessage, response: ServerResponse, bytes: Buffer) => void;

/** A test server on this machine; not part of the library. */
export interface FaultyServer {
  address: string;
  /** What was asked for, in order: `/name` or `/name from N`. */
  requests: string[];
  close(): Promise<void>;
}

/**
 * Serves bytes under any path, each request by the next answer of the list, the last one for all that follow.
 */
export async function faultyServer(bytes: Buffer, answers: Answer[]): Promise<FaultyServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    const from = firstByte(request);
    requests.push(from > 0 ? `${request.url} from ${from}` : `${request.url}`);
    answer(request, response, bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The whole of it, or the rest of it where a range is asked for. */
export const good: Answer = (request, response, bytes) => {
  const from = firstByte(request);
  if (from === 0) response.writeHead(200, { 'content-length': bytes.length });
  else {
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(206, { 'content-length': bytes.length - from, 'content-range': range });
  }
  response.end(bytes.subarray(from));
};

/** All of it from the beginning, whatever range is asked for. */
export const ignoresRange: Answer = (_, response, bytes) => {
  response.writeHead(200, { 'content-length': bytes.length });
  response.end(bytes);
};

/** A promise of all, a part of it, and then the connection is cut. */
export const disconnects: Answer = (request, response, bytes) => {
  begin(request, response, bytes);
  setTimeout(() => response.destroy(), 30);
};

/** A part of it, and then silence. */
export const stalls: Answer = (request, response, bytes) => begin(request, response, bytes);

/** No answer at all. */
export const silent: Answer = () => undefined;

/** A shorter body, properly ended, without saying its length. */
export const truncates: Answer = (request, response, bytes) => {
  const from = firstByte(request);
  if (from > 0) {
    response.writeHead(206, { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` });
  } else response.writeHead(200);
  response.end(bytes.subarray(from, from + Math.ceil((bytes.length - from) / 2)));
};

/** The right length with one wrong byte. */
export const corrupts: Answer = (request, response, bytes) => {
  const wrong = Buffer.from(bytes);
  wrong[wrong.length - 1] ^= 1;
  good(request, response, wrong);
};

/** A body longer than it should be, without saying its length. */
export const goesOn: Answer = (_, response, bytes) => {
  response.writeHead(200);
  response.end(Buffer.concat([bytes, bytes]));
};

/** An error page in place of the file. */
export const page: Answer = (_, response) => {
  response.writeHead(200, { 'content-type': 'text/html', 'content-length': 6 });
  response.end('sorry!');
};

/** A range other than the one asked for. */
export const wrongRange: Answer = (_, response, bytes) => {
  response.writeHead(206, { 'content-range': `bytes 1-${bytes.length - 1}/${bytes.length}` });
  response.end(bytes.subarray(1));
};

/** The body packed again on the way. */
export const encodes: Answer = (_, response, bytes) => {
  response.writeHead(200, { 'content-encoding': 'gzip' });
  response.end(bytes);
};

/** An answer with a status and no file. */
export function status(code: number): Answer {
  return (_, response) => {
    response.writeHead(code);
    response.end('no');
  };
}

/** Sends on to another address. */
export function redirects(location: string): Answer {
  return (_, response) => {
    response.writeHead(302, { location });
    response.end();
  };
}

function begin(request: IncomingMessage, response: ServerResponse, bytes: Buffer): void {
  const from = firstByte(request);
  const rest = bytes.length - from;
  if (from === 0) response.writeHead(200, { 'content-length': rest });
  else {
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(206, { 'content-length': rest, 'content-range': range });
  }
  response.write(bytes.subarray(from, from + Math.ceil(rest / 2)));
}

function firstByte(request: IncomingMessage): number {
  return Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
}
