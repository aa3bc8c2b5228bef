import type { Progress } from '../../base';
import type { Config } from '../config';
import type { PluginFile } from '../plugins/plugin';

/** What a worker process is told. */
export type Order =
  | { kind: 'run'; config: Config; plugins: readonly PluginFile[]; folder: string; fresh?: boolean }
  | { kind: 'stop' };

/** How a run ended in a worker. */
export type Outcome =
  | { state: 'done' }
  /** Told to stop; its checkpoint stays. */
  | { state: 'stopped' }
  | { state: 'failed'; error: string }
  /** Another process is at it. */
  | { state: 'held'; by: string };

/** What a worker process tells. */
export type Report =
  | { kind: 'ready' }
  | { kind: 'progress'; progress: Progress }
  /** `bytes`: of memory, that the process holds after the run. */
  | { kind: 'end'; outcome: Outcome; bytes: number };
