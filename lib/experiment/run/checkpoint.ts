import { InvalidError } from '../../base';
import { loadTensors, saveParams } from '../../network';
import type { TrainingState } from '../../train';

/** Writes where a training stands; the earlier checkpoint stays until this one is complete. */
export async function saveCheckpoint(path: string, { epoch, step, tensors }: TrainingState): Promise<void> {
  await saveParams(path, tensors, { metadata: { epoch: String(epoch), step: String(step) } });
}

/** Where a training stood; undefined where there is no checkpoint or it cannot be read. */
export async function loadCheckpoint(path: string): Promise<TrainingState | undefined> {
  const found = await loadIfWhole(path);
  return (
    found && {
      epoch: Number(found.metadata.epoch),
      step: Number(found.metadata.step),
      tensors: found.tensors,
    }
  );
}

/** The tensors of a file; undefined where it is missing or damaged, as what it holds can be computed again. */
export async function loadIfWhole(
  path: string,
): Promise<Awaited<ReturnType<typeof loadTensors>> | undefined> {
  try {
    return await loadTensors(path);
  } catch (error) {
    const { code } = (error as { cause?: NodeJS.ErrnoException }).cause ?? {};
    if (error instanceof InvalidError && (code === undefined || code === 'ENOENT')) return undefined;
    throw error; // of the system: the file may be in order
  }
}
