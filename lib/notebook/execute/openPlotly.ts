import type { Browser, Page } from 'playwright-core';

/** What Plotly.js leaves in the page. */
export interface PlotlyPage {
  Plotly: { toImage(figure: unknown, options: object): Promise<string> };
}

/** A page with Plotly.js in it. A figure is data, but no part of it is to reach the network. */
export async function openPlotly(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  await page.route(/^(?!data:|about:|blob:)/, (route) => route.abort());
  await page.addScriptTag({ path: require.resolve('plotly.js-dist') });
  return page;
}
