import type { Progress } from '../base';

/** Where progress is written: a terminal, or a file that only takes whole lines. */
interface Output {
  isTTY?: boolean;
  write(text: string): unknown;
}

const width = 24;

/**
 * Shows progress as one line that is written over: on a terminal a bar, elsewhere a line for each tenth of the work.
 *
 * @returns `show`, to be called as often as one likes, and `end`, which leaves the line
 */
export function progressLine(output: Output): { show: (progress: Progress) => void; end: () => void } {
  let last = '';
  return {
    show({ done, total, message = '' }) {
      const share = total > 0 ? Math.min(1, done / total) : 1;
      const percent = Math.floor(share * 100);
      const filled = Math.round(share * width);
      const text = output.isTTY
        ? `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${`${percent}`.padStart(3)} % ${message}`
        : `${Math.floor(share * 10) * 10} %`;
      if (text === last) return;
      last = text;
      output.write(output.isTTY ? `\r\x1b[K${text}` : `${text} ${message}\n`);
    },
    end() {
      if (output.isTTY && last !== '') output.write('\n');
      last = '';
    },
  };
}
