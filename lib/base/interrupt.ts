import { AsyncLocalStorage } from 'node:async_hooks';
import { invalid } from './invalid';
import { kindOf } from './kindOf';

/** The reason of a signal raised by "Interrupt kernel"; also what a function that cannot hand back half a result throws. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted by the user');
    this.name = 'Interrupted';
  }
}

/** Work that an interrupt stops together, with all that it begins, however late: in a notebook that of one cell. */
export interface WorkGroup {
  /** Set by an interrupt: from then on no library work begins. */
  stopped?: Interrupted;
  /** Nobody waits for the group any more: nothing at all is computed for it. */
  abandoned?: boolean;
  /** Called for each piece of work that is refused. */
  onRefused?: () => void;
}

interface Interrupts {
  groups: AsyncLocalStorage<WorkGroup>;
  active: Map<AbortController, WorkGroup | undefined>;
}

/** On globalThis, because the kernel must reach work begun by a copy of this file from before an edit. */
const KEY = Symbol.for('pathkernel.interrupt');
const shared = globalThis as { [KEY]?: Interrupts };
shared[KEY] ??= { groups: new AsyncLocalStorage(), active: new Map() };
const { groups, active } = shared[KEY];

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
 * @throws `Interrupted` where the cell that calls was interrupted before, so that a loop over several trainings stops as a whole
 */
export async function interruptible<T>(
  body: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  if (outer != null && typeof outer.addEventListener !== 'function')
    throw invalid('signal', 'not an AbortSignal, such as `signal` of an AbortController', kindOf(outer));
  const group = groups.getStore();
  if (group?.stopped) await refuse(group, group.stopped);
  const controller = new AbortController();
  const forward = () => controller.abort(outer?.reason);
  if (outer?.aborted) forward();
  outer?.addEventListener('abort', forward, { once: true });
  active.set(controller, group);
  try {
    return await body(controller.signal);
  } finally {
    active.delete(controller);
    outer?.removeEventListener('abort', forward);
  }
}

/** Runs `body` and all that it begins as work of a group. */
export function inGroup<T>(group: WorkGroup, body: () => T): T {
  return groups.run(group, body);
}

/** Whether there is work that an interrupt would reach for the first time. */
export function isWorking(): boolean {
  return [...active.keys()].some(({ signal }) => !signal.aborted);
}

/**
 * Asks all interruptible work to stop at its next step; no more begins in its groups.
 *
 * @param group one that begins no more work either; none by default
 * @returns whether any work heard it for the first time; if not, the caller has to stop by force
 */
export function interruptWork(group?: WorkGroup): boolean {
  const running = [...active].filter(([{ signal }]) => !signal.aborted);
  const reason = new Interrupted();
  for (const one of [group, ...running.map(([, its]) => its)]) if (one) one.stopped ??= reason;
  for (const [controller, its] of running) controller.abort(its?.stopped ?? reason);
  return running.length > 0;
}

/** The longest that a refusal takes, in milliseconds, as a power of 2. */
const SLOWEST = 10;
const refusals = new WeakMap<WorkGroup, number>();

/** Throws, each time after twice the time of the time before: a loop that catches everything must not keep the process busy. */
async function refuse(group: WorkGroup, reason: Interrupted): Promise<never> {
  const before = refusals.get(group) ?? 0;
  refusals.set(group, before + 1);
  group.onRefused?.();
  await new Promise((resolve) => setTimeout(resolve, 2 ** Math.min(before, SLOWEST)));
  throw reason;
}

/** A loop that catches the refusals of more steps than this without ever waiting has to get to where it waits. */
const PATIENCE = 100;
let refusedInTurn = 0;

/**
 * Called before each step of a computation.
 *
 * @throws `Interrupted` where nobody waits for it any more
 */
export function throwIfAbandoned(): void {
  const group = groups.getStore();
  if (!group?.abandoned || refusedInTurn >= PATIENCE) return;
  if (refusedInTurn++ === 0)
    setImmediate(() => {
      refusedInTurn = 0;
    });
  group.onRefused?.();
  throw group.stopped ?? new Interrupted();
}
