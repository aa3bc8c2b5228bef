import { invalid } from '../../base';
import { PLOTLY } from '../figureBundle';
import { type Bundle, openDisplay, publish } from '../publish';
import { represent } from '../represent';
import { type Control, isControl, WIDGET } from './control';
import { type HandlerFailure, widgetHost } from './widgetHost';

/** Controls by the names of the values they give. */
export type Controls<Values> = { readonly [Name in keyof Values]: Control<Values[Name]> };

/**
 * Shows controls, and below them what a function makes of their values: a figure, a table, anything that `show` shows. It is
 * made anew, in the same place, when one of them changes, as {@link onChange} has it. An error takes the same place.
 *
 *     const compression = display.slider({ description: 'compression', min: 1, max: 1000, value: 10, log: true });
 *     await display.redraw({ compression }, async ({ compression }) => {
 *       const { mask, report } = await prune(network, params, { method: 'synflow', compression });
 *       tf.dispose(mask);
 *       return figures.layerDensities([report]);
 *     });
 *
 * A page that was loaded anew has the controls, but takes no more drawings until the cell is run again. Outside a notebook it
 * is drawn once.
 *
 * @param draw what it returns is shown; undefined leaves what is there
 * @throws `invalid controls; …` for what are no controls, and what the function throws the first time
 */
export async function redraw<Values extends object>(
  controls: Controls<Values>,
  draw: (values: Values) => unknown,
): Promise<void> {
  const named = Object.entries<Control<unknown>>(controls);
  for (const [name, control] of named)
    if (!isControl(control)) throw invalid('controls', 'not a slider, select or button', name);
  for (const [, control] of named) publish(control[WIDGET].show());
  const place = openDisplay(widgetHost()?.publish);
  let drawn: Bundle | undefined;

  function put(bundle: Bundle): void {
    // JupyterLab draws a figure only where there is none: something else as high has to come between the two.
    if (drawn?.[PLOTLY] && bundle[PLOTLY]) place?.draw(spaceFor(bundle));
    drawn = bundle;
    if (place) place.draw(bundle);
    else publish(bundle);
  }
  async function handle(): Promise<void> {
    const values = Object.fromEntries(named.map(([name, { value }]) => [name, value])) as Values;
    const shown = await draw(values);
    if (shown !== undefined) put(represent(shown));
  }

  for (const [, control] of named)
    control[WIDGET].listen({ handle, fail: (failure) => put(toBundle(failure)) });
  await handle();
}

/** In pixels, where a figure does not say. */
const HEIGHT = 450;

function spaceFor(bundle: Bundle): Bundle {
  const { layout } = bundle[PLOTLY] as { layout: { height?: number } };
  return {
    'text/html': `<div style="height: ${layout.height ?? HEIGHT}px"></div>`,
    'text/plain': bundle['text/plain'],
  };
}

function toBundle({ traceback }: HandlerFailure): Bundle {
  const text = traceback.join('\n');
  return { 'application/vnd.jupyter.stderr': text, 'text/plain': text };
}
