import { type CellContext, callingCell } from './cellContext';

/**
 * Makes calls that end the process end the cell instead that makes them: variables are worth more than a script's last line. The
 * kernel's own calls, which belong to no cell, do what they say.
 *
 * @param end ends the cell for the reason given
 */
export function keepAlive(end: (context: CellContext, reason: Error) => void): void {
  const { exit, abort, kill } = process;
  function endCell(call: string): void {
    const context = callingCell();
    if (!context) return;
    const reason = new Error(`${call} ended the cell; the kernel and its variables stay`);
    reason.name = 'Exit';
    end(context, reason);
    throw reason;
  }
  process.exit = (code) => {
    endCell(`process.exit(${code ?? ''})`);
    return exit.call(process, code);
  };
  process.abort = () => {
    endCell('process.abort()');
    return abort.call(process);
  };
  process.kill = (pid, signal) => {
    const isOwn = pid === process.pid || pid === 0;
    if (isOwn && signal !== 0 && signal !== 'SIGINT') endCell(`process.kill of the kernel`);
    return kill.call(process, pid, signal);
  };
}
