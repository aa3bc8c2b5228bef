import { tf } from './engine';
import { nativeBackend, runOp } from './native';

/** What tfjs wraps of TensorFlow's writers; its own `summaryFileWriter` keeps every file open for good. */
interface SummaryBackend {
  summaryWriter(folder: string): tf.Tensor;
  createSummaryFileWriter(writer: tf.Tensor, folder: string): void;
  writeScalarSummary(writer: tf.Tensor, step: number, name: string, value: number): void;
}

/** Writes numbers over steps as a file of TensorBoard's events. */
export interface EventWriter {
  scalar(name: string, value: number, step: number): void;
  /** Writes what is left and closes the file. */
  close(): void;
}

/**
 * Opens a file of events, `events.out.tfevents.…`.
 *
 * @param folder which exists
 */
export function eventWriter(folder: string): EventWriter {
  const backend = nativeBackend() as unknown as SummaryBackend;
  const writer = backend.summaryWriter(folder);
  tf.tidy(() => backend.createSummaryFileWriter(writer, folder));
  return {
    scalar: (name, value, step) => backend.writeScalarSummary(writer, step, name, value),
    close() {
      runOp('CloseSummaryWriter', [writer], {}, 0);
      writer.dispose();
    },
  };
}
