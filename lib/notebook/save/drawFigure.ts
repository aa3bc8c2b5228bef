import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { openBrowser } from '../execute/openBrowser';
import { openPlotly } from '../execute/openPlotly';
import { type PaperFigure, pixelsOf } from './paperFigure';

/** How a figure is drawn. */
export interface Drawing {
  figure: PaperFigure;
  format: 'svg' | 'pdf' | 'png';
  /** In inches. */
  width: number;
  /** In inches; what suits the figure where absent. */
  height?: number;
}

/** What the script plotSvg.js leaves in the page. */
interface SvgPage {
  plotSvg(request: object): Promise<{ svg: string; ratio: number }>;
}

/** A page of paper leaves so much, in inches. */
const HIGHEST = 9;

const DOTS_PER_INCH = 300;

/** Draws a figure by a browser: lines and letters in SVG and PDF, 300 dots an inch in PNG. */
export async function drawFigure(program: string, drawing: Drawing): Promise<Buffer> {
  const browser = await openBrowser(program);
  try {
    const { figure, format, width, height } = drawing;
    const plotly = await openPlotly(browser);
    await plotly.addScriptTag({ path: require.resolve('./plotSvg.js') });
    const { svg, ratio } = await plotly.evaluate(
      (request) => (globalThis as unknown as SvgPage).plotSvg(request),
      { ...figure, height: height && pixelsOf(height), highest: pixelsOf(HIGHEST) },
    );
    const place = { width, height: ratio * width };
    const sized = svg.replace(
      /(<svg [^>]*?)width="[^"]*" height="[^"]*"/,
      `$1width="${width}in" height="${place.height}in"`,
    );
    if (format === 'svg') return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${sized}\n`);
    return await (format === 'pdf' ? toPdf : toPng)(browser, sized, place);
  } finally {
    await browser.close();
  }
}

interface Place {
  width: number;
  height: number;
}

async function toPdf(browser: Browser, svg: string, { width, height }: Place): Promise<Buffer> {
  const page = await browser.newPage();
  await show(page, svg);
  return page.pdf({ width: `${width}in`, height: `${height}in`, printBackground: true, pageRanges: '1' });
}

async function toPng(browser: Browser, svg: string, { width, height }: Place): Promise<Buffer> {
  const page = await browser.newPage({ deviceScaleFactor: DOTS_PER_INCH / 96 });
  await page.setViewportSize({ width: Math.ceil(96 * width), height: Math.ceil(96 * height) });
  await show(page, svg);
  const picture = sharp(await page.screenshot({ type: 'png' }));
  const [columns, rows] = [width, height].map((inches) => Math.round(DOTS_PER_INCH * inches));
  return picture
    .extract({ left: 0, top: 0, width: columns, height: rows })
    .withMetadata({ density: DOTS_PER_INCH })
    .toBuffer();
}

function show(page: Page, svg: string): Promise<void> {
  const style = '* { margin: 0; overflow: hidden } svg { display: block }';
  return page.setContent(`<!doctype html><title>figure</title><style>${style}</style>${svg}`);
}
