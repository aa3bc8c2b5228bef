import type { Axis, Figure, Layout, Series } from './figure';
import { HOLLOW } from './hollow';
import { LETTER, longest, PAGE } from './letters';

/** Colours that people with any of the common colour-vision deficiencies tell apart (Okabe and Ito 2008). */
export const palette = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#000000',
  '#8c8c8c',
];

/** What a figure asks of its frame; all else is the same for all figures. */
export interface Frame {
  title: string;
  /** What is said below the title, in small letters; what is false or undefined is left out. */
  notes?: readonly (string | false | undefined)[];
  x: Axis;
  y: Axis;
  /** Above the legend; no legend where absent. */
  legend?: string;
  /** In pixels; 420 by default. The width is that of the page. */
  height?: number;
  extra?: Pick<Layout, 'annotations' | 'barmode' | 'width'>;
}

/** Puts series into the frame that all figures share. */
export function compose(data: Series[], frame: Frame): Figure {
  const { x, y, legend, height = 420, extra } = frame;
  const hasHollow = data.some((one) => 'meta' in one && one.meta === 'hollow');
  const notes = [...(frame.notes ?? []), hasHollow && HOLLOW].filter(Boolean);
  const room = (letters: number) => Math.floor((letters * (PAGE - leftOf(data, y))) / (PAGE - LEFT));
  const lines = [
    ...frame.title.split(BREAK).flatMap((line) => broken(line, room(60))),
    ...broken(notes.join('; '), room(90)).map((line) => `<sub>${line}</sub>`),
  ];
  const above = LINE * (lines.length - 1);
  return {
    data,
    layout: {
      title: {
        ...{ text: lines.join('<br>'), font: { size: 17 }, x: 0, xanchor: 'left', xref: 'paper' },
        // From the top: by themselves titles of several lines reach into the plot.
        ...{ y: 1, yanchor: 'top', yref: 'container', pad: { t: 28 } },
      },
      font: { family: 'system-ui, "Helvetica Neue", Arial, sans-serif', size: 13, color: '#222222' },
      height: height + above,
      margin: { l: LEFT, r: 30, t: 56 + above, b: 60 },
      paper_bgcolor: '#ffffff',
      plot_bgcolor: '#ffffff',
      hovermode: 'closest',
      // Of itself a label has the colour of its line, which hardly any text is legible on.
      hoverlabel: { align: 'left', bgcolor: '#ffffff', font: { size: 13, color: '#222222' } },
      legend: { title: { text: legend ?? '' }, tracegroupgap: 2 },
      showlegend: legend !== undefined,
      ...extra,
      xaxis: { ...AXIS, ...x },
      yaxis: { ...AXIS, ...y },
    },
  };
}

/** In pixels, of each line of a title below the first. */
const LINE = 22;

/** In pixels, left of the plot, where names do not need more. */
const LEFT = 70;

/** The pixels left of the plot, where a title begins. */
function leftOf(data: readonly Series[], y: Axis): number {
  if (y.type !== 'category') return LEFT;
  const names = data.flatMap((one) => ('y' in one ? one.y.map(String) : []));
  return Math.max(LEFT, 20 + LETTER * longest(names));
}

const BREAK = /<br\s*\/?>/;

/**
 * A line above the plot as several where a page of 800 pixels has no room for it, each broken after the last comma or semicolon that fits,
 * at a colon where there is none.
 */
function broken(line: string, wide: number): string[] {
  if (line === '') return [];
  const after = (mark: string) => line.lastIndexOf(mark, wide) + 1;
  const at = Math.max(after(', '), after('; ')) || after(': ');
  if (line.length <= wide || at === 0) return [line];
  return [line.slice(0, at), ...broken(line.slice(at + 1), wide)];
}

const AXIS: Axis = {
  automargin: true,
  gridcolor: '#e8e8e8',
  linecolor: '#555555',
  showline: true,
  ticks: 'outside',
  zeroline: false,
};
