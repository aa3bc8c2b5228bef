/** A set-up problem told in two parts: what failed, and the one line that says what to do about it. */
export class Failure extends Error {
  constructor(what, remedy, detail = '') {
    super(what);
    this.name = 'Failure';
    this.remedy = remedy;
    this.detail = detail;
  }
}

/** Prints a failure for a person; anything else keeps its stack, as it is a mistake of ours. */
export function printFailure(error, write = (text) => process.stderr.write(text)) {
  if (!(error instanceof Failure)) {
    write(`${error?.stack ?? error}\n`);
    return;
  }
  if (error.detail) write(`${error.detail.trimEnd()}\n\n`);
  write(`set-up failed: ${error.message}\n  what to do: ${error.remedy}\n`);
}

/** Runs a command of this folder: a failure ends it with exit code 1, otherwise the code it returns. */
export async function main(command) {
  try {
    process.exitCode = (await command(process.argv.slice(2))) ?? 0;
  } catch (error) {
    printFailure(error);
    process.exitCode = 1;
  }
}
