/** A function to be called at every request: once none has come for `ms` milliseconds, `action` runs, a single time. */
export function onceQuiet(ms: number, action: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let over = false;
  return () => {
    if (over) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      over = true;
      action();
    }, ms);
  };
}
