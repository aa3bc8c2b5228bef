export type { Crossed } from './crossing';
export * from './occupancy';
export * from './randomWalks';
export * from './walkChances';
export type { Place, Reader, WalkGraph } from './walkGraph';
export type { Direction, WalkLayer } from './walkLayer';
export * from './walksInTurn';
