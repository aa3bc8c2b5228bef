import { runFiles } from '../run/runRecord';

/** The files of a finished run, sorted; a run that prunes nothing has no report on pruning. */
export const recordFiles: readonly string[] = [
  runFiles.config,
  runFiles.environment,
  runFiles.epochs,
  runFiles.pruning,
  runFiles.result,
].sort();

/** Whether a name can be that of a run. */
export function isRunId(name: unknown): name is string {
  return typeof name === 'string' && /^[0-9a-f]{12}$/.test(name);
}
