import { product } from '../base';
import { type ExampleGradients, exampleGradients, type Network, type Params } from '../network';
import { compiled, compiledFor, mapRecord, oneHot, type Precision, type TensorRecord, tf } from '../tensor';
import { type Derivative, masked } from './derivative';
import { jacobianProducts } from './jacobianProducts';
import { rowsAt } from './rowsAt';

/** What becomes of the outputs of two images, each with each or equal ones. */
export type KernelOutputs = 'full' | 'trace' | 'diagonal';

/**
 * The gradients of some images by one parameter: written out, `[images, outputs, entries]`, or as what they are the product of,
 * see {@link ExampleGradients}.
 */
export type Feature =
  | { readonly rows: tf.Tensor }
  | { readonly read: tf.Tensor; readonly cotangents: tf.Tensor };

/** By parameter; the caller disposes of them. */
export type Features = Readonly<Record<string, Feature>>;

/** The features of the images from one place to before another. */
export type FeatureMaker = (xs: tf.Tensor, from: number, to: number) => Features;

/** How large the gradients by one parameter are, for one image. */
export interface FeatureSize {
  /** Whether they are written out. */
  readonly isWritten: boolean;
  readonly places: number;
  /** Numbers that they are held in. */
  readonly numbers: number;
  /** Numbers that its places see, each for itself. */
  readonly seen: number;
}

/**
 * Of each parameter whether its gradients are written out, and how large they are then.
 *
 * Of a kernel with P = in · out entries that gives values at S places, an entry of the tangent kernel takes P multiplications
 * from gradients written out, and S² (in + out) from what they are the product of, of which those by `in` are the same for all
 * outputs: the lesser is taken. Gradients that a mask is to cut are written out.
 */
export function featureSizes(
  network: Network,
  {
    names,
    mask,
    trainable = {},
  }: Pick<Derivative, 'names' | 'mask'> & Partial<Pick<Derivative, 'trainable'>>,
  outputs: KernelOutputs,
  implementation: 'layers' | 'rows',
): Record<string, FeatureSize> {
  const { classes, shapes, parameters } = network;
  const pairs = outputs === 'full' ? classes ** 2 : classes;
  return Object.fromEntries(
    names.map((name) => {
      const { shape, role, layer, groups = 1 } = parameters.find((spec) => spec.name === name)!;
      const entries = product(shape);
      const places = product(shapes[layer].slice(0, -1));
      const last = shape[shape.length - 1];
      const factored = places ** 2 * (entries / last + pairs * last);
      const isFactored = implementation === 'layers' && role === 'kernel' && groups === 1;
      const isCut = Object.hasOwn(mask, name) || Object.hasOwn(trainable, name);
      const isWritten = !isFactored || isCut || factored >= pairs * entries;
      const seen = (places * entries) / last;
      const numbers = isWritten ? classes * entries : seen + classes * places * last;
      return [name, { isWritten, places, numbers, seen }];
    }),
  );
}

/** Features by {@link exampleGradients}: a pass forward and one backward with all outputs. */
export function layerFeatures(
  network: Network,
  params: Params,
  { names, mask, trainable }: Derivative,
  sizes: Readonly<Record<string, FeatureSize>>,
  precision: Precision,
): FeatureMaker {
  const written = names.filter((name) => sizes[name].isWritten);
  const run = compiledFor(network, ['ntk', 'features', names, written, precision], () =>
    compiled(
      ({ params: θ, mask: kept, trainable: free, x, at }: FeatureInputs): Features => {
        const found = exampleGradients(network, masked(θ, kept), names, rowsAt(x, at));
        return mapRecord(found, (gradients, name) =>
          written.includes(name) || 'rows' in gradients
            ? { rows: rowsOf(gradients, [kept[name], free[name]]) }
            : gradients,
        );
      },
      { precision },
    ),
  );
  return (xs, from, to) => {
    const at = tf.range(from, to, 1, 'int32');
    const features = run({ params, mask, trainable, x: xs, at });
    at.dispose();
    return features;
  };
}

interface FeatureInputs extends Readonly<Record<string, tf.Tensor | TensorRecord>> {
  params: Params;
  mask: TensorRecord;
  trainable: TensorRecord;
  /** All images. */
  x: tf.Tensor;
  /** Places of those that are looked at, int32. */
  at: tf.Tensor1D;
}

/** Gradients written out, `[images, outputs, entries]`: in the kernel's order, or with `out` before `in`. */
function rowsOf(gradients: ExampleGradients, masks: readonly (tf.Tensor | undefined)[]): tf.Tensor {
  const cut = (rows: tf.Tensor, inOrder: (mask: tf.Tensor) => tf.Tensor) =>
    masks.reduce<tf.Tensor>((left, mask) => (mask ? left.mul(inOrder(mask)) : left), rows);
  if ('rows' in gradients) {
    const { rows } = gradients;
    return cut(rows.reshape([rows.shape[0], rows.shape[1]!, -1]), (mask) => mask.flatten());
  }
  const { read, cotangents } = gradients;
  const [images, outputs, places, out] = cotangents.shape as [number, number, number, number];
  const columns = cotangents.transpose([0, 1, 3, 2]).reshape([images, outputs * out, places]);
  const rows = tf.matMul(columns, read).reshape([images, outputs, -1]); // [images, outputs, out · in]
  return cut(rows, (mask) => mask.reshape([-1, out]).transpose().flatten());
}

/** Features of gradients written out, with one pass backward for each image and output. */
export function rowFeatures(
  network: Network,
  params: Params,
  { names: _, mask, trainable, ...options }: Derivative,
  precision: Precision,
): FeatureMaker {
  const stack = compiledFor(network, ['ntk', 'stack', precision], () =>
    compiled(
      (parts: readonly TensorRecord[]): TensorRecord =>
        mapRecord(parts[0], (_, name) => tf.stack(parts.map((part) => part[name]))),
      { precision },
    ),
  );
  const stacked = (parts: TensorRecord[]) => {
    const whole = stack(parts);
    tf.dispose(parts);
    return whole;
  };
  const isAny = (record: TensorRecord) => Object.keys(record).length > 0;
  return (xs, from, to) => {
    const ofImages = Array.from({ length: to - from }, (_, i) => {
      const image = from + i;
      const isJoined = options.batchNorm === 'training';
      const x = isJoined ? xs : xs.slice(image, 1);
      const { multiplyTransposed, shape } = jacobianProducts(network, params, x, {
        ...options,
        ...(isAny(mask) && { mask }),
        ...(isAny(trainable) && { trainable }),
        precision,
      });
      const place = isJoined ? image * network.classes : 0;
      const ofOutputs = Array.from({ length: network.classes }, (_, k) => {
        const one = tf.tidy(() =>
          oneHot(tf.tensor1d([place + k], 'int32'), shape[0] * shape[1]).reshape([...shape]),
        );
        const gradient = multiplyTransposed(one);
        one.dispose();
        return gradient;
      });
      if (!isJoined) x.dispose();
      return stacked(ofOutputs);
    });
    return mapRecord(stacked(ofImages), (rows) => ({ rows })); // [images, outputs, ...shape]
  };
}
