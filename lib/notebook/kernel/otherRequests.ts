import type { Answer } from './answer';
import type { Comms } from './comms';
import type { History, HistoryRequest } from './history';
import type { Request } from './request';

/** The messages that tslab answers; it would print a warning about any other into a cell, or the server's log. */
const TSLAB = ['kernel_info', 'execute', 'is_complete', 'inspect', 'complete', 'comm_info', 'shutdown'];

export const isKnownToTslab = (type: string): boolean => TSLAB.some((name) => type === `${name}_request`);

/** What the kernel knows and does that front ends ask for. */
export interface Known {
  history: History;
  comms: Comms;
  /** As the signal does it; a cell that blocks hears only that. */
  interrupt(): void;
}

/**
 * What the kernel says to messages that tslab does not know: its history, its widgets, and that it has no debugger. Whoever
 * asks for something newer is told no; without an answer a front end waits for ever.
 *
 * @returns undefined for a message that asks nothing
 */
export function answerOther(request: Request, { history, comms, interrupt }: Known): Answer | undefined {
  const { type, content } = request;
  const [name, isRequest] = [type.replace(/_request$/, ''), type.endsWith('_request')];
  if (type === 'history_request')
    return {
      type: 'history_reply',
      content: { status: 'ok', history: history.find(content as HistoryRequest) },
    };
  if (type === 'interrupt_request') {
    interrupt();
    return { type: 'interrupt_reply', content: { status: 'ok' } };
  }
  if (type === 'debug_request') return { type: 'debug_reply', content: refuseDebugging(content) };
  if (type.startsWith('comm_')) return comms.answer(request);
  if (!isRequest) return undefined;
  const evalue = `this kernel does not know ${type}`;
  return {
    type: `${name}_reply`,
    content: { status: 'error', ename: 'UnknownRequest', evalue, traceback: [] },
  };
}

/** As the debug adapter protocol has it. */
function refuseDebugging({ seq, command }: Request['content']): object {
  const message = 'this kernel has no debugger';
  return { type: 'response', seq: 0, request_seq: seq, command, success: false, message };
}
