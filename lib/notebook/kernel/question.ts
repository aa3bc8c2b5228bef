import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Interrupted } from '../../base/interrupt';
import { type Asked, answerTo, readRequest } from './request';
import { wellFormed } from './wellFormedText';

/** A way to ask the one who runs a cell for a line of text. */
export interface Question {
  /** Asks and keeps the whole process waiting. */
  now(prompt: string): string;
  /** @returns the answer; undefined where the cell ends first */
  later(prompt: string): Promise<string | undefined>;
  /** Takes back what is still asked. */
  close(): void;
}

/** Where answers arrive. */
export interface InputPort {
  address: string;
  /** What messages are signed with. */
  key: string;
  /** Lends the port out; the result takes it back. */
  lend(): () => void;
}

const SCRIPT = join(__dirname, 'exchange.cjs');

/** Questions to the one who sent a request, by Jupyter's `input_request`. */
export function createQuestion(port: InputPort, asked: Asked): Question {
  const open = new Set<() => void>();

  function orderFor(prompt: string): string {
    const message = answerTo(asked, port.key, 'input_request', { prompt, password: false });
    const frames = wellFormed(message, port.key);
    return JSON.stringify({
      zeromq: createRequire(require.resolve('tslab')).resolve('zeromq'),
      address: port.address,
      server: process.ppid,
      frames: frames.map((frame) => Buffer.from(frame).toString('base64')),
    });
  }

  function answerIn(output: string): string {
    const frames: string[] = JSON.parse(output);
    const answer = readRequest(
      port.key,
      frames.map((frame) => Buffer.from(frame, 'base64')),
    );
    return String(answer?.content.value ?? '');
  }

  return {
    now(prompt) {
      const takeBack = port.lend();
      try {
        const input = orderFor(prompt);
        const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT], { input, encoding: 'utf8' });
        // An interrupt reaches the kernel with all its children.
        if (status === null) throw new Interrupted();
        if (status !== 0) throw new Error(stderr);
        return answerIn(stdout);
      } finally {
        takeBack();
      }
    },
    async later(prompt) {
      const takeBack = port.lend();
      const child = spawn(process.execPath, [SCRIPT], { stdio: ['pipe', 'pipe', 'pipe'] });
      const close = () => child.kill();
      open.add(close);
      const texts = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const)
        child[name].setEncoding('utf8').on('data', (text: string) => {
          texts[name] += text;
        });
      child.stdin.end(orderFor(prompt));
      const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
      open.delete(close);
      takeBack();
      if (status === null) return undefined;
      if (status !== 0) throw new Error(texts.stderr);
      return answerIn(texts.stdout);
    },
    close() {
      for (const one of open) one();
    },
  };
}
