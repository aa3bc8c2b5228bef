export type { SlurmOptions } from './jobScript';
export { cancelJobs, type Job, type QueuedTask, readQueue, withQueue } from './jobs';
export * from './submitSweep';
