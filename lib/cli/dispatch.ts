import { InvalidError, lookUp } from '../base';
import { DiskError } from '../base/disk';
import { type Command, commands } from './commands';

/** Where a command writes: the console, or a test's record of it. */
export interface Output {
  log: (text: string) => void;
  error: (text: string) => void;
}

/**
 * Runs a command line.
 *
 * @param args what follows `pathkernel`
 * @param table the commands; by default all there are
 * @param output where help and errors go; the console by default
 * @returns the exit code: the command's own, or 1 where it failed or does not exist
 */
export async function dispatch(
  args: readonly string[],
  table: Readonly<Record<string, Command>> = commands,
  output: Output = console,
): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    output.log(help(table));
    return 0;
  }
  try {
    const { run } = lookUp('command', table, name).load();
    return await run(rest);
  } catch (error) {
    output.error(describe(error));
    return 1;
  }
}

// What the user did wrong, or the disk, needs no stack; what we did wrong does.
function describe(error: unknown): string {
  if (error instanceof InvalidError || error instanceof DiskError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function help(table: Readonly<Record<string, Command>>): string {
  const width = Math.max(...Object.keys(table).map((name) => name.length)) + 2;
  const lines = Object.entries(table).map(([name, { summary }]) => `  ${name.padEnd(width)}${summary}`);
  return ['npx pathkernel COMMAND [arguments]', '', ...lines].join('\n');
}
