export type { FigureLike } from './figureBundle';
export { formatNumber, formatSeconds } from './formatNumber';
export type { FrameLike, Row, TableRecord, Tabular } from './grid';
export { type LiveChart, type LiveChartOptions, liveChart } from './liveChart';
export { type ProgressBar, type ProgressOptions, progress, withProgress } from './progress';
export { type SaveFigureOptions, saveFigure } from './save/saveFigure';
export { type SaveTableOptions, saveTable } from './save/saveTable';
export { show } from './show';
export { type TableOptions, table } from './table';
