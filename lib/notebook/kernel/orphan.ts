const EVERY_MS = 1000;

/** Ends the process when the one that started it is gone without a word: nobody else could ever talk to it. */
export function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, EVERY_MS).unref();
}
