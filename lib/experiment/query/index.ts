export type { RunRow } from './columns';
export { type ExportedTable, exportRuns } from './exportRuns';
export { type QueryValues, queryRuns, type RunsOptions } from './queryRuns';
export {
  epochsOfRuns,
  epochsToLossAgainst,
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
