export type { FigureLike } from './figureBundle';
export { formatNumber, formatSeconds } from './formatNumber';
export type { FrameLike, Row, TableRecord, Tabular } from './grid';
export type { Showable } from './represent';
export { show } from './show';
export { type TableOptions, table } from './table';
