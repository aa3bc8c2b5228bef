import { InvalidError } from '../../base';
import { explainDisk } from '../../base/disk';
import { loadTensors, saveParams } from '../../network';
import type { TensorRecord } from '../../tensor';
import type { TrainingState } from '../../train';

/** Writes where a training stands; the earlier checkpoint stays until this one is complete. */
export async function saveCheckpoint(path: string, { epoch, step, tensors }: TrainingState): Promise<void> {
  await saveTensors(path, tensors, { epoch: String(epoch), step: String(step) });
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

/** `saveParams` that says where the disk is the reason for a failure. */
export async function saveTensors(
  path: string,
  tensors: TensorRecord,
  metadata?: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    await saveParams(path, tensors, { metadata });
  } catch (error) {
    throw explainDisk(error, path);
  }
}

/** The tensors of a file; undefined where it is missing or damaged, as what it holds can be computed again. */
export async function loadIfWhole(
  path: string,
): Promise<Awaited<ReturnType<typeof loadTensors>> | undefined> {
  try {
    return await loadTensors(path);
  } catch (error) {
    if (error instanceof InvalidError) return undefined;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
