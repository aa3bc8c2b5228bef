import { invalid } from '../base';
import type { Figure, Layout } from './figure';
import { MENU_HEIGHT } from './shownFigure';

/**
 * Several figures as one, with a menu that shows one of them at a time: its series, title, axes, legend and height.
 *
 *     show(figures.dropdown(Object.fromEntries(
 *       figures.facets(rows).map(({ name, rows }) => [name, figures.relativeTrace(rows, { title: name })]))));
 *
 * @param choices figures by the name they have in the menu; the first is shown at first, and in pictures
 * @throws `invalid choices; …` where there are none, or one is no figure
 */
export function dropdown(choices: Readonly<Record<string, Figure>>): Figure {
  if (typeof choices !== 'object' || choices === null)
    throw invalid('choices', 'not figures by name', choices);
  const all = Object.entries(choices);
  if (all.length === 0) throw invalid('choices', 'has no figure to show', choices);
  for (const [name, figure] of all) {
    if (!Array.isArray(figure?.data) || typeof figure.layout !== 'object')
      throw invalid('choices', `${name} no figure`, figure);
    if (figure.layout.updatemenus) throw invalid('choices', 'a figure with a menu of its own', name);
  }
  const [[, first]] = all;
  if (all.length === 1) return first;
  const layouts = all.map(([, { layout }]) => withRoom(layout));
  const fields = [...new Set(layouts.flatMap((layout) => Object.keys(layout) as (keyof Layout)[]))];
  const switched = fields.filter(
    (field) => /axis/.test(field) || new Set(layouts.map((layout) => JSON.stringify(layout[field]))).size > 1,
  );
  return {
    data: all.flatMap(([, { data }], place) => data.map((series) => ({ ...series, visible: place === 0 }))),
    layout: {
      ...layouts[0],
      updatemenus: [
        {
          type: 'dropdown',
          active: 0,
          ...{ x: 0, xanchor: 'left', y: 1, yanchor: 'bottom', pad: { b: 8 } },
          ...{ bgcolor: '#ffffff', bordercolor: '#8c8c8c', font: { size: 13, color: '#222222' } },
          buttons: all.map(([label], place) => ({
            label,
            method: 'update',
            args: [
              { visible: all.flatMap(([, { data }], at) => data.map(() => at === place)) },
              Object.fromEntries(switched.map((field) => [field, layouts[place][field] ?? absent(field)])),
            ],
          })),
        },
      ],
    },
  };
}

/** What takes away a part of the layout that another figure has; an axis stays, unseen, over the first so that its background does not cover the plot. */
function absent(field: string) {
  return /axis/.test(field) ? { visible: false, overlaying: field[0] } : null;
}

/** Room for the menu between title and plot. */
function withRoom({ height, margin, ...layout }: Layout): Layout {
  return {
    ...layout,
    height: height + MENU_HEIGHT,
    margin: { ...margin, t: margin.t + MENU_HEIGHT },
  };
}
