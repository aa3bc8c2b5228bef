import type { Bundle } from '../publish';
import type { Tell } from './widgetHost';

/** Something in a notebook that its reader moves, chooses or presses. */
export interface Control<Value> {
  /** Where it stands now. */
  readonly value: Value;
  readonly [WIDGET]: Widget<Value>;
}

/** The part of a control that this folder uses. */
export interface Widget<Value> {
  /** Gives it a place in the output of the cell that is running, which is its own cell from then on. */
  show(): Bundle;
  listen(listener: Listener<Value>): void;
}

/** What is done when a control changes. */
export interface Listener<Value> {
  handle(value: Value): unknown;
  /** Told what went wrong; it is shown in the control's own cell by default. */
  fail?: Tell;
}

/** Known to all copies of this file: a control may come from before an edit. */
export const WIDGET: unique symbol = Symbol.for('pathkernel.widget');

export function isControl(value: unknown): value is Control<unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, WIDGET);
}
