import { createCellQueue } from './kernel/cellQueue';
import { showChildren } from './kernel/childOutput';
import { createComms } from './kernel/comms';
import { showDescriptors } from './kernel/descriptors';
import { provideDialogs } from './kernel/dialogs';
import { createCellExecutor } from './kernel/executor';
import { KernelHandler } from './kernel/handler';
import { createHistory } from './kernel/history';
import { keepAlive } from './kernel/keepAlive';
import { onceQuiet } from './kernel/onceQuiet';
import { endWithParent } from './kernel/orphan';
import { routeOutput } from './kernel/routeOutput';
import { createRunner } from './kernel/runner';
import { KernelServer } from './kernel/server';
import { watchForStop } from './kernel/stopWatch';
import { warmUp } from './kernel/warmUp';

/** Enough to see past the frames of TensorFlow to the cell. */
const STACK_FRAMES = 50;

/** How long the front end must have asked nothing: until it has heard an answer, it asks again and again. */
const QUIET_MS = 300;

/** Time for the last messages to leave before the process ends. */
const LINGER_MS = 50;

/**
 * Starts the Jupyter kernel of this project: TypeScript cells, run in the folder of the notebook.
 *
 * @param connectionFile the file in which Jupyter names ports and key
 */
export async function startKernel(connectionFile: string): Promise<void> {
  Error.stackTraceLimit = STACK_FRAMES;
  watchForStop();
  const folder = process.cwd();
  const executor = createCellExecutor(folder);
  const queue = createCellQueue(() => server.settled());
  const history = createHistory();
  const comms = createComms();
  const server = new KernelServer(new KernelHandler(executor.inner), connectionFile, {
    runner: createRunner({ executor, queue, history, comms }),
    history,
    comms,
    interrupt: executor.interrupt,
    onReady: onceQuiet(QUIET_MS, () => warmUp(executor, folder)),
    onClosed: () => void setTimeout(() => process.exit(0), LINGER_MS),
  });
  process.on('SIGINT', executor.interrupt);
  endWithParent();
  routeOutput();
  showChildren();
  showDescriptors();
  provideDialogs();
  keepAlive(executor.giveUp);
  await server.init();
}
