export { type Compacted, type CompactMode, type CompactOptions, compact } from './compact';
export { compareSizes, type SizeRow } from './compareSizes';
export type { Constants } from './constants';
export { cutDown, type Origin, putBack } from './putBack';
export type { StayReason } from './removable';
export type { CompactRow } from './report';
export type { Movement } from './setting';
