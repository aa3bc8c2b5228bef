export type { Crossed } from './crossing';
export * from './occupancy';
export * from './randomWalks';
export { type Direction, tapChances, unitChances, type WalkLayer } from './walkLayer';
export * from './walksInTurn';
