export { quantities, registerQuantity } from './quantities';
export type { EpochState, EpochSteps, Quantity } from './quantity';
