import { Held } from '../../base/lock';
import { runWith } from '../run/run';
import type { Order, Outcome, Report } from './messages';

const reportMs = 100;

/** The life of a worker process: does one run after another as told, until its parent is gone. */
function work(): void {
  let stop = new AbortController();
  let isBusy = false;
  let isLast = false;
  const leave = () => {
    isLast = true;
    stop.abort(new Error('told to stop'));
    if (!isBusy) process.exit();
  };
  // Ctrl-C reaches every process of a terminal; when and how a worker stops is for its parent to say.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', leave);
  process.on('disconnect', leave);
  process.on('message', async (order: Order) => {
    if (order.kind === 'stop') stop.abort(new Error('told to stop'));
    else {
      stop = new AbortController();
      isBusy = true;
      const outcome = await perform(order, stop.signal);
      isBusy = false;
      tell({ kind: 'end', outcome, bytes: process.memoryUsage.rss() });
      if (isLast) process.exit();
    }
  });
  tell({ kind: 'ready' });
}

async function perform(
  { config, plugins, folder, fresh }: Extract<Order, { kind: 'run' }>,
  signal: AbortSignal,
): Promise<Outcome> {
  let told = 0;
  try {
    const { result } = await runWith(config, plugins, {
      folder,
      fresh,
      signal,
      onProgress(progress) {
        const now = performance.now();
        if (now - told < reportMs) return;
        told = now;
        tell({ kind: 'progress', progress });
      },
    });
    return { state: result ? 'done' : 'stopped' };
  } catch (error) {
    if (signal.aborted) return { state: 'stopped' };
    if (error instanceof Held)
      return { state: 'held', by: `process ${error.holder.pid} on ${error.holder.host}` };
    return { state: 'failed', error: error instanceof Error ? error.message : String(error) };
  }
}

function tell(report: Report): void {
  if (process.connected) process.send?.(report);
}

work();
