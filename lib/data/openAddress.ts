import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { TransferError } from './transferError';

/** How an address is opened. */
export interface OpenOptions {
  /** The first byte wanted; 0 by default. */
  from?: number;
  /** Milliseconds without a byte after which a connection counts as stalled. */
  stallMs: number;
  /** Which addresses may be opened, redirects included. */
  allow: (address: URL) => boolean;
  signal?: AbortSignal;
}

const mostRedirects = 5;

/**
 * Sends a GET request and follows redirects, each of which must be allowed too.
 *
 * Uses node:https rather than fetch because fetch would unpack a body sent as gzip, and the checksums are those of
 * the packed files.
 *
 * @returns the response with its body still to be read
 * @throws TransferError for addresses not allowed and for too many redirects
 */
export async function openAddress(address: string, options: OpenOptions): Promise<IncomingMessage> {
  let url = new URL(address);
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    if (!options.allow(url))
      throw new TransferError(`refused ${url.href}: only https is allowed`, 'next mirror');
    const response = await get(url, options);
    const status = response.statusCode ?? 0;
    const { location } = response.headers;
    if (status < 300 || status >= 400 || !location) return response;
    response.destroy();
    url = new URL(location, url);
  }
  throw new TransferError(`more than ${mostRedirects} redirects`, 'next mirror');
}

function get(url: URL, { from = 0, stallMs, signal }: OpenOptions): Promise<IncomingMessage> {
  const headers: Record<string, string> = { 'accept-encoding': 'identity', 'user-agent': 'pathkernel' };
  if (from > 0) headers.range = `bytes=${from}-`;
  const client = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    let response: IncomingMessage | undefined;
    const request = client.get(url, { headers, signal, agent: false });
    request.setTimeout(stallMs, () => {
      const error = new TransferError(`stalled: no byte for ${stallMs / 1000} s`, 'try again');
      (response ?? request).destroy(error); // whoever reads the body then gets the reason
    });
    request.on('error', reject); // stays on after the response, when the body's reader gets the error
    request.on('response', (received) => {
      response = received;
      resolve(received);
    });
  });
}
