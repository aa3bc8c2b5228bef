import { InvalidError } from '../../base';
import { readRun, runFiles } from '../run/runRecord';

/** Why a folder is not the whole record of a finished run, in a few words; undefined where it is. */
export async function flawOf(folder: string): Promise<string | undefined> {
  try {
    const record = await readRun(folder);
    if (record === undefined) return `no ${runFiles.config}`;
    const { config, environments, epochs, pruning, result, error } = record;
    if (result === undefined) return error ? `failed, ${error.message}` : 'not finished';
    if (!Array.isArray(environments) || environments.length === 0) return `no ${runFiles.environment}`;
    if (config.prune && pruning === undefined) return `no ${runFiles.pruning}`;
    if (result.epochs !== epochs.length - 1) return `${runFiles.result} is of other epochs`;
    return undefined;
  } catch (error) {
    // The advice to run it again is for runs that were begun here.
    if (error instanceof InvalidError) return error.rule.replace(/; remove the folder to run it again$/, '');
    return error instanceof Error ? error.message : String(error);
  }
}
