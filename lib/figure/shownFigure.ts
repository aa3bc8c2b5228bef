/** In pixels: what the menu of `dropdown` takes above the plot. */
export const MENU_HEIGHT = 44;

interface Drawn {
  readonly data: readonly object[];
  readonly layout?: object;
}

interface DrawnLayout {
  updatemenus?: unknown;
  height?: number;
  margin?: { t?: number };
  title?: { yanchor?: string };
}

/**
 * What a figure with a menu shows at first, as a figure without a menu, for pictures and tables; another figure as it is.
 *
 * @param figure of this library or another, as Plotly reads it
 */
export function shownFigure<F extends Drawn>(figure: F): F {
  const { updatemenus, ...layout } = (figure.layout ?? {}) as DrawnLayout;
  if (!updatemenus) return figure;
  const { title, height = 0, margin } = layout;
  const hasRoom = title?.yanchor === 'top' && margin?.t !== undefined; // of this library: made by `dropdown`
  return {
    ...figure,
    data: figure.data.flatMap((series) => {
      const { visible, ...shown } = series as { visible?: unknown };
      if (visible === false) return [];
      return [visible === true ? shown : series];
    }),
    layout: hasRoom
      ? {
          ...layout,
          height: height - MENU_HEIGHT,
          margin: { ...margin, t: (margin.t as number) - MENU_HEIGHT },
        }
      : layout,
  };
}
