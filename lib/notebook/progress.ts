import { checkNames } from '../base';
import { invalid } from '../base/invalid';
import type { LongWork } from '../base/progress';
import { escapeHtml } from './escapeHtml';
import { formatNumber, formatSeconds } from './formatNumber';
import { type Display, openDisplay, type Publish, publisher } from './publish';

export interface ProgressOptions {
  /** What is going on, before the bar; nothing by default. */
  label?: string;
  /** Shortest time between two drawings, in milliseconds; 200 by default. */
  every?: number;
}

/** A progress bar. */
export interface ProgressBar {
  /**
   * Moves the bar.
   *
   * @param done steps done so far; one more than before by default
   * @param message a short word on what it is at; the one from before by default
   */
  step(done?: number, message?: string): void;
  /** Ends the bar where it is: an inner bar disappears, an outer one stays with the time it took. */
  end(): void;
}

/** Where a bar stands. */
export interface BarState {
  label: string;
  done: number;
  total: number;
  message: string;
  /** Seconds since the start. */
  elapsed: number;
  ended: boolean;
}

/** Bars that share one place in the output: one inside the other, the outermost first. */
interface Stack {
  bars: BarState[];
  display?: Display;
  publish?: Publish;
  drawn: number;
}

/** On globalThis, so that a bar begun before a reload of this file keeps its place. */
const KEY = Symbol.for('pathkernel.progress');
const shared = globalThis as { [KEY]?: Stack };

/**
 * Shows a progress bar with the time left. A bar begun while another runs in the same cell appears below it and goes away
 * when it ends. Outside a notebook a line is printed at the end.
 *
 *     const bar = progress(seeds.length, { label: 'Seeds' });
 *     for (const seed of seeds) { await run(seed); bar.step(); }
 *
 * @param total number of steps; the bar ends by itself when they are done
 * @throws `invalid total; not above 0: …`
 */
export function progress(total: number, options: ProgressOptions = {}): ProgressBar {
  checkNames('progress', options, { label: 1, every: 1 });
  const { label = '', every = 200 } = options;
  if (!(total > 0)) throw invalid('total', 'not above 0', total);
  const began = performance.now();
  const bar: BarState = { label, done: 0, total, message: '', elapsed: 0, ended: false };
  const stack = join(bar);
  draw(stack);

  function draw(target: Stack): void {
    bar.elapsed = (performance.now() - began) / 1000;
    target.drawn = performance.now();
    target.display?.draw({
      'text/html': target.bars.map(barHtml).join(''),
      'text/plain': target.bars.map(barText).join('\n'),
    });
  }

  function end(): void {
    if (bar.ended) return;
    bar.ended = true;
    const outermost = stack.bars[0] === bar;
    if (!outermost) stack.bars.splice(stack.bars.indexOf(bar), 1);
    else {
      stack.bars.splice(1);
      if (shared[KEY] === stack) shared[KEY] = undefined;
    }
    draw(stack);
    if (outermost && !stack.display) process.stdout.write(`${barText(bar)}\n`);
  }

  return {
    step(done = bar.done + 1, message = bar.message) {
      if (bar.ended) return;
      bar.done = Math.min(done, total);
      bar.message = message;
      if (bar.done >= total) end();
      else if (performance.now() - stack.drawn >= every) draw(stack);
    },
    end,
  };
}

/**
 * Runs long work of the library under a progress bar.
 *
 *     const pruned = await withProgress('Pruning', (work) => prune(network, params, { method: 'synflow', ...work }));
 *
 * @param work gets the options that let the bar follow it
 * @returns what the work returns
 */
export async function withProgress<T>(
  label: string,
  work: (options: Pick<LongWork, 'onProgress'>) => Promise<T>,
): Promise<T> {
  let bar: ProgressBar | undefined;
  try {
    return await work({
      onProgress: ({ done, total, message }) => {
        if (!(total > 0)) return;
        bar ??= progress(total, { label });
        bar.step(done, message);
      },
    });
  } finally {
    bar?.end();
  }
}

/** The stack of the cell that is running, with the bar added; a bar that a failed cell left behind has no children. */
function join(bar: BarState): Stack {
  const publish = publisher();
  const open = shared[KEY];
  if (open && open.publish === publish) {
    open.bars.push(bar);
    return open;
  }
  shared[KEY] = { bars: [bar], display: openDisplay(), publish, drawn: 0 };
  return shared[KEY];
}

/** A bar as a line of text: `Pruning 30/100 30% · 1.2 s · 2.8 s left · round 30`; a total of 1 is a share, not a count. */
export function barText({ label, done, total, message, elapsed, ended }: BarState): string {
  const rest = done > 0 ? `${formatSeconds((elapsed / done) * (total - done))} left` : '';
  const left = !ended ? rest : done < total ? 'stopped' : '';
  const percent = `${Math.floor((100 * done) / total)}%`;
  const count = total === 1 ? '' : `${formatNumber(done)}/${formatNumber(total)}`;
  const head = [label, count, percent].filter(Boolean).join(' ');
  return [head, formatSeconds(elapsed), left, message].filter(Boolean).join(' · ');
}

/** A bar as HTML. */
export function barHtml(bar: BarState): string {
  const style = 'width: 20em; vertical-align: middle; margin-right: 0.7em';
  const meter = `<progress value="${bar.done}" max="${bar.total}" style="${style}"></progress>`;
  return `<div style="font-variant-numeric: tabular-nums">${meter}${escapeHtml(barText(bar))}</div>`;
}
