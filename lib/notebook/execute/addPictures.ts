import type { Browser } from 'playwright-core';
import { shownFigure } from '../../figure/shownFigure';
import { PLOTLY } from '../figureBundle';
import type { Notebook } from './notebook';
import { openPlotly, type PlotlyPage } from './openPlotly';
import { withPalette } from './withPalette';

/** In pixels, where a figure does not say. */
const [WIDTH, HEIGHT] = [700, 450];

interface Figure {
  data: object[];
  layout?: { width?: number; height?: number };
}

/**
 * Puts a PNG picture beside every interactive figure, for viewers that run no script: GitHub, nbviewer, PDF.
 *
 * @returns the number of pictures
 */
export async function addPictures(notebook: Notebook, browser: Browser): Promise<number> {
  const outputs = notebook.cells.flatMap(({ outputs = [] }) => outputs.filter(({ data }) => data?.[PLOTLY]));
  if (outputs.length === 0) return 0;
  const page = await openPlotly(browser);
  try {
    for (const { data = {} } of outputs) {
      const { data: traces, layout } = shownFigure(data[PLOTLY] as Figure);
      const { width = WIDTH, height = HEIGHT } = layout ?? {};
      const options = { format: 'png', width, height, scale: 1 };
      const url = await page.evaluate(
        ([figure, how]) => (globalThis as unknown as PlotlyPage).Plotly.toImage(figure, how),
        [{ data: traces, layout }, options] as const,
      );
      const png = Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
      data['image/png'] = (await withPalette(png)).toString('base64');
    }
    return outputs.length;
  } finally {
    await page.close();
  }
}
