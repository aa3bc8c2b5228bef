import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs one of Slurm's commands and hands out what it prints. */
export async function slurm(command: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, [...args], { encoding: 'utf8' });
    return stdout.trim();
  } catch (error) {
    const { code, stderr, message } = error as { code?: unknown; stderr?: string; message: string };
    if (code === 'ENOENT')
      throw new Error(`${command} is not to be found: run this where Slurm's commands are, on a login node`);
    throw new Error(`${command}: ${stderr?.trim() || message}`);
  }
}
