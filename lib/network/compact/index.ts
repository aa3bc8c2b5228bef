export { type Compacted, type CompactMode, type CompactOptions, compact } from './compact';
export { cutDown, putBack } from './putBack';
export type { StayReason } from './removable';
export type { CompactRow } from './report';
export type { Movement } from './setting';
