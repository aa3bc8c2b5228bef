import { range } from 'd3-array';
import { checkNames, invalid } from '../base';
import type { Dataset, Split } from '../data';
import { encodePng } from './encodePng';
import type { Figure, ImageSeries, ScatterSeries } from './figure';
import { requireRows } from './rows';
import { compose } from './theme';

export interface ImagesOptions {
  /** Of which images; `test` by default. */
  split?: Split;
  /** Which of them, from 0; the first image of each class by default. */
  at?: readonly number[];
  /** The class that each image shown is taken for, such as a network's; nothing is said of it by default. */
  predictions?: ArrayLike<number>;
  /** How many are side by side; 5 by default. */
  columns?: number;
  /** The name of the set by default. */
  title?: string;
}

/** What is left free beside each picture, as a share of its width. */
const BESIDE = 0.2;

/**
 * Images of a data set side by side, with the names of their classes and, where given, what they are taken for: green where that is
 * right, orange where not.
 *
 * @throws `invalid at; …` for images that there are not, `invalid predictions; …` where they are not a class for each image shown,
 *   `invalid data; …` for images that have neither one channel nor three, `invalid columns; …`
 */
export function images(data: Dataset, options: ImagesOptions = {}): Figure {
  checkNames('images', options, { split: 1, at: 1, predictions: 1, columns: 1, title: 1 });
  const { split = 'test', predictions, columns = 5, title = data.name } = options;
  const { pixels, labels, count } = data[split] ?? data.test;
  if (data[split] === undefined) throw invalid('split', 'neither train nor test', split);
  const { at = firstOfEach(labels, data.classes) } = options;
  requireRows('at', at);
  const wrong = at.find((one) => !(Number.isInteger(one) && 0 <= one && one < count));
  if (wrong !== undefined) throw invalid('at', `not an image from 0 to ${count - 1}`, wrong);
  if (!(Number.isInteger(columns) && columns >= 1))
    throw invalid('columns', 'not a whole number from 1', columns);
  const taken = predictions && Array.from(predictions);
  if (taken && !(taken.length === at.length && taken.every((one) => nameOf(data, one) !== undefined)))
    throw invalid('predictions', `not one of ${data.classes} classes for each of ${at.length} images`, taken);
  const [height, width, channels] = data.shape;
  if (!(channels === 1 || channels === 3))
    throw invalid('data', 'neither grey nor of three colours, channels', channels);
  const across = Math.min(columns, at.length);
  // Above a picture there is room for its name, and for what it is taken for.
  const cell = {
    width: Math.round(width * (1 + BESIDE)),
    height: Math.round(height * (taken ? 1.75 : 1.45)),
  };
  const size = { width: cell.width * across, height: cell.height * Math.ceil(at.length / across) };
  const bytes = new Uint8Array(size.width * size.height * channels).fill(255);
  const corners = at.map((_, i) => ({
    left: (i % across) * cell.width + Math.floor((cell.width - width) / 2),
    top: Math.floor(i / across) * cell.height + cell.height - height,
  }));
  at.forEach((image, i) => {
    for (const row of range(height)) {
      const from = (image * height + row) * width * channels;
      const to = ((corners[i].top + row) * size.width + corners[i].left) * channels;
      bytes.set(pixels.subarray(from, from + width * channels), to);
    }
  });
  const picture: ImageSeries = {
    ...{ type: 'image', name: 'images', x: [], y: [], hovertext: [], hoverinfo: 'skip', zsmooth: false },
    source: `data:image/png;base64,${encodePng({ ...size, channels, bytes }).toString('base64')}`,
  };
  const texts = at.map((image, i) => {
    const name = nameOf(data, labels[image]) as string;
    if (taken === undefined || taken[i] === labels[image]) return { name, isRight: true };
    return { name: `${nameOf(data, taken[i])},<br>not ${name}`, isRight: false };
  });
  const labelsOf = (isRight: boolean): ScatterSeries => {
    const own = range(at.length).filter((i) => texts[i].isRight === isRight);
    const color = { true: taken ? '#00734f' : '#222222', false: '#b04a00' }[`${isRight}`];
    return {
      ...{ type: 'scatter', mode: 'text', name: isRight ? 'right' : 'wrong', textposition: 'top center' },
      x: own.map((i) => corners[i].left + (width - 1) / 2),
      y: own.map((i) => corners[i].top - 0.5),
      text: own.map((i) => texts[i].name),
      textfont: { size: 12, color },
      hovertext: own.map((i) => `image ${at[i]} of ${split}<br>${texts[i].name.replace('<br>', ' ')}`),
      hoverinfo: 'text',
    };
  };
  const right = texts.filter(({ isRight }) => isRight).length;
  const hidden = { tickvals: [], showgrid: false, showline: false, ticks: '' } as const;
  return compose([picture, ...[true, false].map(labelsOf).filter(({ x }) => x.length > 0)], {
    title,
    notes: [taken && `${right} of ${at.length} taken for what they are`],
    x: { ...hidden, range: [-0.5, size.width - 0.5], constrain: 'domain' },
    y: { ...hidden, range: [size.height - 0.5, -0.5], scaleanchor: 'x', constrain: 'domain' },
    height: 120 + Math.round((620 * size.height) / size.width),
  });
}

function firstOfEach(labels: ArrayLike<number>, classes: number): number[] {
  return range(classes).flatMap((label) => {
    const first = Array.prototype.indexOf.call(labels, label);
    return first < 0 ? [] : [first];
  });
}

/** Undefined where there is no such class. */
function nameOf({ classNames, classes }: Dataset, label: number): string | undefined {
  if (!(Number.isInteger(label) && 0 <= label && label < classes)) return undefined;
  return classNames?.[label] ?? `class ${label}`;
}
