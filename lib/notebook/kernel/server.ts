import { ZmqServer } from 'tslab/dist/jupyter';
import type { Publisher, Router } from 'zeromq';
import type { KernelHandler } from './handler';
import { type Sender, withOrderedSends } from './orderedSends';
import type { Runner } from './runner';

type Message = Parameters<ZmqServer['handleExecute']>[1];
type Socket = Parameters<ZmqServer['handleShellMessage']>[0];

/** Messages of widgets and debuggers, which this kernel does not have; tslab would print a warning into a cell. */
const IGNORED = /"msg_type": ?"(comm_open|comm_msg|comm_close|debug_request)"/;

const DELIMITER = '<IDS|MSG>';

export interface ServerHooks {
  runner: Runner;
  /** Called after each answer to `kernel_info_request`: the front end is there. */
  onReady: () => void;
  /** Called when the sockets are closed. */
  onClosed: () => void;
}

/** tslab's server of the Jupyter protocol, with the messages it leaves out. */
export class KernelServer extends ZmqServer {
  constructor(
    handler: KernelHandler,
    connectionFile: string,
    private readonly hooks: ServerHooks,
  ) {
    super(handler, connectionFile);
  }

  override async init(): Promise<void> {
    await super.init();
    // The default drops messages beyond a thousand that wait, the end of a cell among them.
    this.iopub.sendHighWaterMark = 0;
    this.iopub = withOrderedSends(this.iopub as Publisher & Sender);
    this.shell = withOrderedSends(this.shell as Router & Sender);
    this.control = withOrderedSends(this.control as Router & Sender);
  }

  override async handleShellMessage(sock: Socket, ...frames: Buffer[]): Promise<void> {
    const header = frames[frames.findIndex((frame) => frame.toString() === DELIMITER) + 2];
    if (IGNORED.test(String(header))) return;
    await super.handleShellMessage(sock, ...frames);
  }

  override handleKernelInfo(sock: Socket, message: Message): void {
    super.handleKernelInfo(sock, message);
    this.hooks.onReady();
  }

  override handleExecute(sock: Socket, message: Message): Promise<void> {
    return this.hooks.runner.execute(
      message.content as Parameters<Runner['execute']>[0],
      (type, content) => this.answer(this.iopub, message, type, content),
      (content) => this.answer(sock, message, 'execute_reply', content),
    );
  }

  override handleCommInfoRequest(sock: Socket, message: Message): void {
    this.answer(sock, message, 'comm_info_reply', { status: 'ok', comms: {} });
  }

  override close(): void {
    super.close();
    this.hooks.onClosed();
  }

  /** Resolves when no request is waiting in the socket. */
  async settled(): Promise<void> {
    do await new Promise((resolve) => setTimeout(resolve, 10));
    while (this.shell.readable);
  }

  private answer(sock: unknown, message: Message, type: string, content: object): void {
    const reply = message.createReply();
    reply.header.msg_type = type;
    reply.content = content;
    reply.signAndSend(this.connInfo.key, sock);
  }
}
