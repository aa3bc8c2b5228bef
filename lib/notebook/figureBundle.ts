import { plainFigure } from '../figure/plainFigure';
import { shownFigure } from '../figure/shownFigure';
import type { Bundle } from './publish';
import { withoutTags } from './withoutTags';

/** A figure in Plotly's JSON form. */
export interface FigureLike {
  readonly data: readonly object[];
  readonly layout?: object;
  readonly config?: object;
}

export const PLOTLY = 'application/vnd.plotly.v1+json';

/** Whether a value is a Plotly figure: series of points, and perhaps a layout. */
export function isFigure(value: unknown): value is FigureLike {
  if (typeof value !== 'object' || value === null) return false;
  const { data, layout } = value as Partial<FigureLike>;
  if (!Array.isArray(data)) return false;
  // Holes too: `every` would pass over them.
  for (const one of data) if (typeof one !== 'object' || one === null) return false;
  return typeof layout === 'object' || (layout === undefined && data.length > 0 && 'type' in data[0]);
}

/** A figure for the notebook: interactive where Plotly is known, else a line of text. */
export function figureBundle(figure: FigureLike): Bundle {
  const { data, layout, config } = plainFigure({
    data: figure.data,
    layout: figure.layout ?? {},
    config: figure.config ?? {},
  });
  return {
    [PLOTLY]: { data, layout, config },
    'text/plain': describe(shownFigure({ data, layout }).data, layout),
  };
}

interface Titled {
  title?: string | { text?: string };
  updatemenus?: readonly { buttons?: readonly { label?: string }[] }[];
}

function describe(series: readonly object[], layout: Titled): string {
  const heading = typeof layout.title === 'object' ? layout.title?.text : layout.title;
  const title = heading == null ? undefined : String(heading);
  const names = series
    .map((one) => (one as { name?: unknown }).name)
    .filter((name) => typeof name === 'string');
  const plain = title && withoutTags(title);
  const what = `${series.length} series`;
  const choices = (layout.updatemenus ?? []).flatMap(({ buttons = [] }) => buttons.map(({ label }) => label));
  const menu = choices.length > 0 ? `; to choose: ${choices.join(' | ')}` : '';
  return `Figure${plain ? ` “${plain}”` : ''}: ${what}${names.length > 0 ? ` (${names.join(', ')})` : ''}${menu}`;
}
