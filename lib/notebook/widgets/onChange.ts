import { invalid } from '../../base';
import { type Control, isControl, WIDGET } from './control';

/**
 * Calls a function whenever a control has changed, once the cells that were started before have ended. What it prints and
 * shows, and what goes wrong, appears in the cell that shows the control. It is called ten times a second at most, never
 * twice at a time: of the positions a slider passes through meanwhile the last one counts. Each press of a button counts.
 * A cell that is run again replaces its own function.
 *
 *     display.onChange(compression, (rho) => console.log(`one weight in ${rho}`));
 *
 * @throws `invalid control; …` for what is no control
 */
export function onChange<Value>(control: Control<Value>, handle: (value: Value) => unknown): void {
  if (!isControl(control)) throw invalid('control', 'not a slider, select or button', control);
  control[WIDGET].listen({ handle });
}
