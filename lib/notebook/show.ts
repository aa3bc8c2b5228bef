import { publish } from './publish';
import { represent } from './represent';

/**
 * Shows a value in the notebook: a Plotly figure interactively, a danfo DataFrame or Series, an array of records or
 * `{ rows, columns, caption }` as a table, a tensor of images `[height, width, channels]` or `[batch, height, width, channels]`
 * with one or three channels as pictures, anything else as text. Outside a notebook all become text.
 *
 *     show(figures.overEpochs(history, 'pathKernelTrace'));
 *     show(pruned.report);
 *     show(batch.images);
 */
export function show(value: unknown): void {
  publish(represent(value, { pictures: true }));
}
