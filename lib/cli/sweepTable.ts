import { timeText } from '../base';
import { runLabel, type SweepRun, type SweepStatus } from '../experiment/sweep';

/** Where the table is written: a terminal, or a file that only takes whole lines. */
interface Output {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

const width = 16;
const redrawMs = 100;

/**
 * Shows a sweep under way: on a terminal a table that is written over, elsewhere a line for each run that ends.
 *
 * @returns `show` for each change, `ended` for each run that ends, and `end`, which leaves the table as it is
 */
export function sweepTable(output: Output): {
  show: (status: SweepStatus) => void;
  ended: (run: SweepRun) => void;
  end: () => void;
} {
  let lines = 0;
  let drawn = 0;
  let last: SweepStatus | undefined;
  const draw = (status: SweepStatus) => {
    const table = tableOf(status).map((line) => line.slice(0, (output.columns ?? 80) - 1));
    output.write(`${lines > 0 ? `\x1b[${lines}A` : ''}\r\x1b[J${table.join('\n')}\n`);
    lines = table.length;
    drawn = performance.now();
  };
  return {
    show(status) {
      last = status;
      if (output.isTTY && performance.now() - drawn >= redrawMs) draw(status);
    },
    ended(run) {
      if (output.isTTY) {
        if (run.state !== 'failed') return;
        output.write(`${lines > 0 ? `\x1b[${lines}A` : ''}\r\x1b[J${endLine(run)}\n`);
        lines = 0;
      } else {
        const left = last?.secondsLeft === undefined ? '' : `; ${timeText(last.secondsLeft)} left`;
        output.write(
          `${endLine(run)}${last ? ` (${last.done + last.failed} of ${last.total}${left})` : ''}\n`,
        );
      }
    },
    end() {
      if (output.isTTY && last) draw(last);
      lines = 0;
    },
  };
}

function tableOf({
  name,
  total,
  done,
  failed,
  elsewhere,
  active,
  share,
  secondsLeft,
}: SweepStatus): string[] {
  const parts = [
    `${done} of ${total} runs done`,
    failed > 0 && `${failed} failed`,
    elsewhere > 0 && `${elsewhere} elsewhere`,
    active.length > 0 && secondsLeft !== undefined && `about ${timeText(secondsLeft)} left`,
  ];
  return [
    `${bar(share)}  ${name}: ${parts.filter(Boolean).join(', ')}`,
    ...active.map(({ hash, config, progress }) => {
      const { done: steps, total: all, message = 'starting' } = progress;
      return `${bar(all > 0 ? steps / all : 0)}  ${hash}  ${runLabel(config)}; ${message}`;
    }),
  ];
}

function endLine({ hash, config, state, message }: SweepRun): string {
  return `${state.padEnd(8)} ${hash}  ${runLabel(config)}${message ? `: ${message}` : ''}`;
}

function bar(share: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}
