/** How events become calls of a handler. */
export interface Turns<Event> {
  /** Runs something later, after what waits already; false where the handler was stopped by the user. */
  run(work: () => unknown): Promise<boolean>;
  handle(event: Event): unknown;
  /** Whether each event is handled, or the last of those that came meanwhile. */
  each: boolean;
}

/** Shortest time between the beginnings of two calls, in milliseconds. */
const EVERY = 100;

/**
 * Hands events to a handler, one at a time. Of events that come while it is at work, or faster than ten a second, the last
 * one wins, unless each is wanted. After a stop, those that wait are forgotten.
 */
export function inTurn<Event>({ run, handle, each }: Turns<Event>): (event: Event) => void {
  let waiting: Event[] = [];
  let asked = false;
  let began = Number.NEGATIVE_INFINITY;

  function begin(): unknown {
    asked = false;
    began = performance.now();
    const [first, ...rest] = waiting;
    waiting = rest;
    return handle(first);
  }

  function ask(): void {
    if (asked || waiting.length === 0) return;
    asked = true;
    setTimeout(
      async () => {
        if (!(await run(begin))) waiting = [];
        ask();
      },
      Math.max(0, began + EVERY - performance.now()),
    );
  }

  return (event) => {
    waiting = each ? [...waiting, event] : [event];
    ask();
  };
}
