import { checkNames, invalid, lookUp, nearest, product } from '../../base';
import { mapRecord, type TensorRecord, tf } from '../../tensor';
import { checkTensors, parameterShapes } from '../checkTensors';
import type { Network, Shape } from '../graph';
import type { Params } from '../params';
import { fromPytorch, pytorchShapes } from '../pytorchLayout';
import { isFloating } from './dtypes';
import { openTensors } from './loadTensors';
import type { Layout } from './saveParams';
import type { StoredTensor, TensorFile } from './tensorFile';
import { renamed, type TensorNames } from './tensorNames';

export interface LoadParamsOptions {
  /** How the file has them; by default what it says, else `pytorch` where its names are PyTorch's (`….weight`), otherwise `tfjs`. */
  layout?: Layout;
  /** What the file's tensors are called in the network; their own names by default. */
  names?: TensorNames;
}

/**
 * Reads the parameters of `network` from a safetensors file, or from a state dict or a checkpoint that PyTorch's `torch.save` wrote
 * (`.pt`, `.pth`, `.th`). Nothing in a file is executed.
 *
 *     await loadParams('model.th', network, { names: { 'layer1.0.conv1.weight': 'stage1/block1/conv1/kernel', … } });
 *
 * @returns every parameter and running statistic as float32, in the network's order
 * @throws `invalid safetensors file; RULE: FILE` for a file that is missing, cut off, corrupt or of another kind;
 *   `invalid FILE; RULE: VALUE` naming a tensor that is missing, with the nearest of those that the file holds, unknown or misshapen
 */
export async function loadParams(
  file: string,
  network: Network,
  options: LoadParamsOptions = {},
): Promise<Params> {
  checkNames('loadParams', options, { layout: 1, names: 1 });
  const { tensors, metadata, read } = await openTensors(file);
  const theirs = renamed(Object.keys(tensors), options.names, { file, network });
  const { shapes, convert } = lookUp(
    'layout',
    layouts,
    layoutOf(file, { tensors, metadata }, options.layout),
  );
  const expected = shapes(network);
  checkHeld(file, expected, theirs, tensors);
  const held = mapRecord(theirs, (name) => tensors[name]);
  checkTensors(file, expected, held);
  for (const [name, { dtype }] of Object.entries(held))
    if (!isFloating(dtype)) throw invalid(file, `${theirs[name]} is no floating-point number but`, dtype);
  return tf.tidy(() =>
    convert(
      network,
      mapRecord(expected, (_, name) => read(theirs[name])),
    ),
  );
}

const layouts: Readonly<
  Record<
    Layout,
    {
      shapes: (network: Network) => Record<string, Shape>;
      convert: (network: Network, stored: TensorRecord) => Params;
    }
  >
> = {
  tfjs: { shapes: parameterShapes, convert: (_, stored) => stored },
  pytorch: { shapes: pytorchShapes, convert: fromPytorch },
};

/** Python's safetensors says `format: pt` of PyTorch's tensors, or nothing; then their names tell. */
function layoutOf(
  file: string,
  { tensors, metadata }: Pick<TensorFile, 'tensors' | 'metadata'>,
  asked?: string,
) {
  const { layout, format } = metadata;
  if (asked !== undefined && layout !== undefined && layout !== asked)
    throw invalid('layout', `${file} was written as ${layout}, asked for as`, asked);
  const isTheirs = format === 'pt' || Object.keys(tensors).some((name) => /(^|[./])weight$/.test(name));
  return asked ?? layout ?? (isTheirs ? 'pytorch' : 'tfjs');
}

/** @throws where a tensor is missing or one too many */
function checkHeld(
  file: string,
  expected: Readonly<Record<string, Shape>>,
  theirs: Readonly<Record<string, string>>,
  tensors: TensorFile['tensors'],
): void {
  for (const [name, shape] of Object.entries(expected))
    if (!Object.hasOwn(theirs, name)) {
      const taken = new Set(Object.keys(expected).map((own) => theirs[own]));
      const rest = Object.entries(tensors).filter(([candidate]) => !taken.has(candidate));
      const rule = `no tensor ${name} of shape [${shape.join(', ')}]; the rest of what it holds, to be renamed by names`;
      throw invalid(file, rule, nearestTensors(name, shape, rest));
    }
  for (const [name, own] of Object.entries(theirs))
    if (!Object.hasOwn(expected, name)) {
      const offer = nearest(name, Object.keys(expected)).join(', ');
      const rule = `the network has no such tensor, the nearest are ${offer}`;
      throw invalid(file, `${rule}; leave it out by names: { '${own}': null }`, own);
    }
}

const LISTED = 8;

/** Names and shapes, those of as many entries first, then those of nearer names. */
function nearestTensors(name: string, shape: Shape, tensors: [string, StoredTensor][]): string {
  if (tensors.length === 0) return 'nothing';
  const shapes = Object.fromEntries(tensors.map(([candidate, stored]) => [candidate, stored.shape]));
  const near = nearest(name, Object.keys(shapes), Number.POSITIVE_INFINITY);
  const fits = (candidate: string) => product(shapes[candidate]) === product(shape);
  const ordered = [...near.filter(fits), ...near.filter((candidate) => !fits(candidate))];
  const listed = ordered
    .slice(0, LISTED)
    .map((candidate) => `${candidate} [${shapes[candidate].join(', ')}]`);
  return [...listed, ...(ordered.length > LISTED ? [`and ${ordered.length - LISTED} more`] : [])].join(', ');
}
