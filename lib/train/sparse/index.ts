export type {
  DescribedTraining,
  Moment,
  Plan,
  Selection,
  SparsePolicy,
  SparseSettings,
  SparseTraining,
} from './policy';
export { type PlasticityOptions, type PlasticityRow, pruningPlasticity } from './pruningPlasticity';
export { cosineRate, cubicSparsity } from './schedules';
export {
  type SparseOptions,
  type SparseTrainingName,
  sparseTrainings,
} from './sparseTrainings';
export type { SparseUpdate } from './startSparse';
