import { ops } from '../ops';
import { sides } from '../ops/windows';
import { expectStrippableSoftmax, type LayerReader } from './layerSource';

const zeroPadding2d: LayerReader = (_, source, [{ id, padding: outer = 0 }]) => {
  const [[top, bottom], [left, right]] = source.config.padding as [[number, number], [number, number]];
  const [a, b, c, d] = [top, bottom, left, right].map((side, i) => side + sides(outer)[i]);
  return { id, padding: [a, b, c, d] };
};

const softmax: LayerReader = (_, source, [{ id }]) => {
  expectStrippableSoftmax(source);
  return { id };
};

/** How each supported class of layer is read: as its op says, or as part of what reads it. */
export const layerReaders: Readonly<Record<string, LayerReader>> = {
  ...Object.assign({}, ...Object.values(ops).map(({ layersModel }) => layersModel.readers)),
  Softmax: softmax,
  ZeroPadding2D: zeroPadding2d,
};
