import { checkNames } from '../../base/checkNames';
import { interruptible } from '../../base/interrupt';
import { invalid } from '../../base/invalid';
import { lookUp } from '../../base/lookUp';
import { plainFigure } from '../../figure/plainFigure';
import { shownFigure } from '../../figure/shownFigure';
import { findBrowser } from '../execute/findBrowser';
import { type FigureLike, isFigure } from '../figureBundle';
import type { Drawing } from './drawFigure';
import { paperFigure } from './paperFigure';
import { saveAs } from './saveAs';

export interface SaveFigureOptions {
  /** A paper's `column`, 3.25 inches (default), its `page`, 6.75 inches, or a number of inches. */
  width?: 'column' | 'page' | number;
  /** In inches; by default what suits the figure. */
  height?: number;
  /** Whether the title is drawn, which in a paper the caption often says; `true` by default. */
  title?: boolean;
}

const WIDTHS = { column: 3.25, page: 6.75 };

/**
 * Saves a figure for a paper, in its size there with texts of 8 points on white: lines and letters as `.svg` or `.pdf`, 300 dots an
 * inch as `.png`. A Chromium or Chrome draws it.
 *
 *     await display.saveFigure(figures.layerShares(rows), 'paper/shares.pdf', { width: 'column' });
 *
 * @param figure one of `figures`, or of one's own as Plotly has it
 * @param file where to; folders that are missing are made, a file that is there is replaced
 * @returns the file's absolute path
 * @throws `invalid figure; …`, `invalid extension of FILE; …`, `invalid width; …`; where there is no browser; `cannot write FILE: …`
 */
export function saveFigure(
  figure: FigureLike,
  file: string,
  options: SaveFigureOptions = {},
): Promise<string> {
  return interruptible(async (signal) => {
    if (!isFigure(figure)) throw invalid('figure', 'not one of figures, nor { data, layout }', typeof figure);
    checkNames('saveFigure', options, { width: 1, height: 1, title: 1 });
    const { height, title = true } = options;
    const width = inchesOf(options.width ?? 'column');
    if (height !== undefined) requireInches('height', height);
    const draw = (format: Drawing['format']) => async () => {
      const { data, layout } = shownFigure(figure);
      const paper = paperFigure(plainFigure({ data, layout: layout ?? {} }), { width, title });
      const drawn = await drawing()(browser(), { figure: paper, format, width, height });
      signal.throwIfAborted();
      return drawn;
    };
    return saveAs(file, { '.svg': draw('svg'), '.pdf': draw('pdf'), '.png': draw('png') });
  });
}

function inchesOf(width: keyof typeof WIDTHS | number): number {
  if (typeof width !== 'number') return lookUp('width', WIDTHS, width);
  return requireInches('width', width);
}

/** Below an inch no figure is legible, and no page is wider than 40. */
function requireInches(subject: string, inches: number): number {
  if (!(1 <= inches && inches <= 40)) throw invalid(subject, 'not 1 to 40 inches', inches);
  return inches;
}

function browser(): string {
  const program = findBrowser();
  if (program !== undefined) return program;
  throw new Error(
    'saveFigure draws with a Chromium or Chrome, and finds none: install one, as by apt-get install chromium, or name it in $PATHKERNEL_BROWSER',
  );
}

/** Read when first needed: the driver of browsers is large, and not installed everywhere. */
function drawing(): (program: string, drawing: Drawing) => Promise<Uint8Array> {
  try {
    return require('./drawFigure').drawFigure;
  } catch (cause) {
    throw new Error(
      'saveFigure needs the packages playwright-core and sharp: npm install playwright-core sharp',
      {
        cause,
      },
    );
  }
}
