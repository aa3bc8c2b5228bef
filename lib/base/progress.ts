/** Where a long piece of work stands: step `done` of `total`, with a short word on what it is at. */
export interface Progress {
  done: number;
  total: number;
  message?: string;
}

/** Options every long-running function takes. */
export interface LongWork {
  /** Stops the work at its next step; what a stopped function returns or throws is its own contract. */
  signal?: AbortSignal;
  /** Called as the work goes on, at least once at the end. */
  onProgress?: (progress: Progress) => void;
}

/** Lets timers, input and interrupts run before the next step of a long loop. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
