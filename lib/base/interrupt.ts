/** The reason of a signal raised by "Interrupt kernel"; also what a function that cannot hand back half a result throws. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted by the user');
    this.name = 'Interrupted';
  }
}

interface Interrupts {
  active: Set<AbortController>;
  /** Set from the press of Stop to the end of the cell, so that a loop over several trainings stops as a whole. */
  pressed?: Interrupted;
}

/** On globalThis, because the kernel must reach work begun by a copy of this file from before an edit. */
function interrupts(): Interrupts {
  const shared = globalThis as { [KEY]?: Interrupts };
  shared[KEY] ??= { active: new Set() };
  return shared[KEY];
}
const KEY = Symbol.for('pathkernel.interrupt');

/**
 * Runs long work with a signal that is raised by the caller's own signal or, in a notebook, by "Interrupt kernel".
 * Outside a notebook nothing is intercepted: Ctrl-C ends the process as usual.
 *
 *     export function train(…, options: TrainOptions): Promise<History> {
 *       return interruptible(async (signal) => {
 *         for (…) { if (signal.aborted) break; …; await breathe(); }
 *         return history;
 *       }, options.signal);
 *     }
 *
 * The body must let the event loop turn (`breathe`) for an interrupt to arrive. Where half a result is worthless it calls
 * `signal.throwIfAborted()`, which throws the reason: `Interrupted` for the user's Stop.
 *
 * @param body the work; looks at its signal between steps
 * @param outer a signal of the caller that stops the work too; none by default
 * @returns what the body returns
 */
export async function interruptible<T>(
  body: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  const { active, pressed } = interrupts();
  const controller = new AbortController();
  const forward = () => controller.abort(outer?.reason);
  if (pressed) controller.abort(pressed);
  else if (outer?.aborted) forward();
  outer?.addEventListener('abort', forward, { once: true });
  active.add(controller);
  try {
    return await body(controller.signal);
  } finally {
    active.delete(controller);
    outer?.removeEventListener('abort', forward);
  }
}

/**
 * Asks all interruptible work to stop at its next step.
 *
 * @returns whether any work heard it for the first time; if not, the caller has to stop by force
 */
export function interruptWork(): boolean {
  const state = interrupts();
  const running = [...state.active].filter((controller) => !controller.signal.aborted);
  if (running.length === 0) return false;
  state.pressed = new Interrupted();
  for (const controller of running) controller.abort(state.pressed);
  return true;
}

/** Forgets an earlier interrupt, so that new work may run: the kernel calls it at the start of each cell. */
export function allowWork(): void {
  interrupts().pressed = undefined;
}
