import { ZmqServer } from 'tslab/dist/jupyter';
import type { Publisher, Router } from 'zeromq';
import type { KernelHandler } from './handler';
import { withOrderedSends } from './orderedSends';
import { answerOther, isKnownToTslab, type Known } from './otherRequests';
import { withPace } from './pace';
import { createQuestion, type InputPort } from './question';
import { answerTo, readRequest } from './request';
import type { Runner } from './runner';
import { undisturbed } from './stopWatch';
import { withWellFormedText } from './wellFormedText';
import type { Sender } from './withSend';

type Message = Parameters<ZmqServer['handleExecute']>[1];
type Socket = Parameters<ZmqServer['handleShellMessage']>[0];

/** How long no cell has asked a question when the port of its answers is taken back. */
const IDLE_MS = 500;

export interface ServerHooks extends Known {
  runner: Runner;
  /** Called after each answer to `kernel_info_request`: the front end is there. */
  onReady: () => void;
  /** Called when the sockets are closed. */
  onClosed: () => void;
}

/** tslab's server of the Jupyter protocol, with the messages it leaves out. */
export class KernelServer extends ZmqServer {
  /** The cells that run or wait, and those whose widgets are at work. */
  private readonly executing: Message[] = [];
  private takingBack?: NodeJS.Timeout;

  /** Resolves when all that was published has left. */
  private drained = () => Promise.resolve();

  constructor(
    handler: KernelHandler,
    connectionFile: string,
    private readonly hooks: ServerHooks,
  ) {
    super(handler, connectionFile);
  }

  override async init(): Promise<void> {
    // The default drops messages beyond a thousand that wait, the end of a cell among them. It holds for who connects to what is
    // bound later, and tslab binds its sockets itself.
    const bind: (socket: unknown, port: number) => Promise<void> = Reflect.get(this, 'bindSocket');
    Reflect.set(this, 'bindSocket', (socket: unknown, port: number) => {
      if (socket === this.iopub) this.iopub.sendHighWaterMark = 0;
      return bind.call(this, socket, port);
    });
    await super.init();
    const safe = <S extends Sender>(socket: S): S =>
      withWellFormedText(withOrderedSends(socket), this.connInfo.key);
    const { socket, drained } = withPace(safe(this.iopub as Publisher & Sender));
    this.iopub = socket;
    this.drained = drained;
    this.shell = safe(this.shell as Router & Sender);
    this.control = safe(this.control as Router & Sender);
  }

  override async handleShellMessage(socket: Socket, ...frames: Buffer[]): Promise<void> {
    const request = readRequest(this.connInfo.key, frames);
    if (!request) return;
    if (isKnownToTslab(request.type)) return super.handleShellMessage(socket, ...frames);
    const publish = (type: string, content: object) => void this.iopub.send(request.answer(type, content));
    publish('status', { execution_state: 'busy' });
    const answer = answerOther(request, this.hooks);
    if (answer?.toAll) publish(answer.type, answer.content);
    else if (answer) void socket.send(request.answer(answer.type, answer.content));
    publish('status', { execution_state: 'idle' });
    this.stayBusy();
  }

  override publishStatus(status: string, about: Message): void {
    super.publishStatus(status, about);
    if (status === 'idle') this.stayBusy();
  }

  override handleKernelInfo(sock: Socket, message: Message): void {
    super.handleKernelInfo(sock, message);
    this.hooks.onReady();
  }

  override async handleExecute(sock: Socket, message: Message): Promise<void> {
    this.executing.push(message);
    try {
      await this.hooks.runner.execute(
        message.content as Parameters<Runner['execute']>[0],
        (type, content, metadata) => this.answer(this.iopub, message, type, content, metadata),
        async (content) => {
          // Who has the reply waits for what was published only for a moment.
          await this.drained();
          this.answer(sock, message, 'execute_reply', content);
        },
        {
          id: (message.metadata as { cellId?: string }).cellId,
          question: createQuestion(this.inputPort(), {
            identities: message.identity,
            header: message.header,
          }),
          whileBusy: (work) => this.whileBusy(message, work),
        },
      );
    } finally {
      this.executing.splice(this.executing.indexOf(message), 1);
    }
  }

  override handleCommInfoRequest(sock: Socket, message: Message): void {
    this.answer(sock, message, 'comm_info_reply', { status: 'ok', comms: this.hooks.comms.list() });
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

  /** The port of standard input: another process has it while a cell waits for an answer. */
  private inputPort(): InputPort {
    const { transport, ip, stdin_port, key } = this.connInfo;
    const address = `${transport}://${ip}:${stdin_port}`;
    const lend = () => {
      clearTimeout(this.takingBack);
      this.stdin.close();
      return () => {
        this.takingBack = setTimeout(() => {
          this.stdin = Reflect.construct(this.stdin.constructor, []);
          void this.stdin.bind(address).catch(() => {}); // the next question tries again
        }, IDLE_MS);
      };
    };
    return { address, key, lend };
  }

  /** A question answered meanwhile, or a cell that ended before others, must not make a front end believe all is done. */
  private stayBusy(): void {
    if (this.executing.length > 0) super.publishStatus('busy', this.executing[0]);
  }

  /** Work on behalf of a cell that has ended. */
  private async whileBusy<T>(message: Message, work: () => Promise<T>): Promise<T> {
    this.executing.push(message);
    super.publishStatus('busy', message);
    try {
      return await work();
    } finally {
      this.executing.splice(this.executing.indexOf(message), 1);
      this.publishStatus('idle', message);
    }
  }

  private answer(sock: unknown, message: Message, type: string, content: object, metadata?: object): void {
    const { identity: identities, header } = message;
    const { key } = this.connInfo;
    void undisturbed(() =>
      (sock as Socket).send(answerTo({ identities, header }, key, type, content, metadata)),
    );
  }
}
