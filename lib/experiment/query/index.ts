export { type ExportedTable, exportRuns } from './exportRuns';
export { type ExportedRun, exportTensorBoard } from './exportTensorBoard';
export { type QueryValues, queryRuns, type RunsOptions } from './queryRuns';
export type { RunRow } from './runRow';
export {
  epochsOfRuns,
  epochsToLossAgainst,
  familyOverEpochs,
  finalAccuracies,
  finalAccuracyAgainst,
  initialTraces,
  keptInLayers,
  movementsOverEpochs,
  outputsOverEpochs,
  type Predictor,
  type Selected,
  type SelectedRun,
  tracesOverEpochs,
} from './selections';
export { type Training, trainings, trainingText } from './trainings';
