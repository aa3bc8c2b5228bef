import { runFiles } from '../run/runRecord';

/** The files of a finished run, sorted; a run that prunes nothing has no report on pruning. */
export const recordFiles: readonly string[] = [
  runFiles.config,
  runFiles.environment,
  runFiles.epochs,
  runFiles.pruning,
  runFiles.result,
].sort();
