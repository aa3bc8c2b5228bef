import { flatRollup, mean } from 'd3-array';
import { checkNames, invalid, lookUp } from '../base';
import type { Figure } from './figure';
import { layerText } from './format';
import { heatMap } from './heatMap';
import { distinct, requireFields, requireOne } from './rows';

/** A leading eigenvector's part in a layer, as `pathKernelSpectrum` lists it. */
export interface SpectrumPartRow {
  /** Of its eigenvalue, from 1. */
  index: number;
  /** The layer's kernel. */
  name: string;
  /** Σ u² over the layer. */
  mass: number;
  /** On how many of its weights that rests. */
  participation: number;
  /** The network it is of, where several are compared. */
  method?: string;
}

export interface SpectrumByLayerOptions {
  title?: string;
  /** `mass`, in % of the eigenvector, by default; or `participation`. */
  of?: 'mass' | 'participation';
}

/** Of a layer with less of the eigenvector than this the participation says nothing, and is shown as 0. */
const LEAST_MASS = 1e-3;

const QUANTITIES = {
  mass: { value: '% of the eigenvector', title: 'Where the leading eigenvectors lie', of: massOf },
  participation: {
    value: 'weights',
    title: 'On how many weights the leading eigenvectors rest',
    of: participationOf,
  },
};

/**
 * Where the leading eigenvectors lie: a heat map with a row an eigenvector and a column a layer, from input to output, its
 * numbers written in. Several vectors of one eigenvalue come as their mean.
 *
 * @throws `invalid rows; …` where there are none, or a row lacks a number or a name, or an eigenvector lacks a layer; `invalid of; …`
 */
export function spectrumByLayer(
  rows: readonly SpectrumPartRow[],
  options: SpectrumByLayerOptions = {},
): Figure {
  checkNames('spectrumByLayer', options, { title: 1, of: 1 });
  const { value, title, of } = lookUp('of', QUANTITIES, options.of ?? 'mass');
  requireFields(rows, { numbers: ['index', 'mass', 'participation'], names: ['name'] });
  requireOne(rows, { line: 'method' });
  const names = distinct(rows, 'name');
  const vectorOf = ({ method, index }: SpectrumPartRow) =>
    `${method === undefined ? '' : `${method}, `}λ<sub>${index}</sub>`;
  const vectors = flatRollup(rows, (own) => own, vectorOf);
  const matrix = vectors.map(([vector, own]) =>
    names.map((name) => {
      const value = mean(
        own.filter((row) => row.name === name),
        of,
      );
      if (value === undefined) throw invalid('rows', `${vector} lacks a layer`, name);
      return value;
    }),
  );
  return heatMap(matrix, {
    title: options.title ?? title,
    rows: vectors.map(([label]) => label),
    columns: names.map(layerText),
    columnTitle: 'layer, from input to output',
    value,
    numbers: true,
  });
}

function massOf({ mass }: SpectrumPartRow): number {
  return 100 * mass;
}

function participationOf({ mass, participation }: SpectrumPartRow): number {
  return mass < LEAST_MASS ? 0 : participation;
}
