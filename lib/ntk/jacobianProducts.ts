import { checkNames, invalid } from '../base';
import {
  checkDirections,
  checkTensor,
  forward,
  type Network,
  type Params,
  parameterShapes,
  type Shape,
  tangent,
} from '../network';
import {
  compiled,
  compiledFor,
  mapRecord,
  type Precision,
  type TensorRecord,
  tf,
  valueAndAllGradients,
} from '../tensor';
import { type DerivativeOptions, derivativeOptions, masked, settleDerivative } from './derivative';
import { rowsAt } from './rowsAt';

export interface JacobianProductOptions extends DerivativeOptions {
  /** Images at once, which bounds memory; 64 by default. All where batch norm joins them. */
  batch?: number;
  /** `double` (default): inside and in the results, which `tensors.readDoubles` reads; `single`: float32. */
  precision?: Precision;
}

/** J = ∂f/∂θ of the outputs of some images by the parameters, as what it does to vectors. */
export interface JacobianProducts {
  /** Images and outputs: the shape of J u and of w. */
  readonly shape: readonly [images: number, outputs: number];
  /** The shapes of the parameters that J differentiates by, in order. */
  readonly parameters: Readonly<Record<string, Shape>>;
  /**
   * J u, by one pass forward with tangents.
   *
   * @param u a direction by parameter name, of the parameters' shapes; 0 for those it lacks
   * @returns `[images, outputs]`; the caller disposes of it
   * @throws `invalid directions; …`
   */
  multiply(u: TensorRecord): tf.Tensor2D;
  /**
   * Jᵀ w, the gradient of Σ w ⊙ f.
   *
   * @param w `[images, outputs]`
   * @returns by parameter name; the caller disposes of it
   * @throws `invalid cotangent; …`
   */
  multiplyTransposed(w: tf.Tensor): TensorRecord;
}

/**
 * Products with the Jacobian J = ∂f(xs; θ)/∂θ, which is never written out: J u costs a pass with tangents, Jᵀ w a gradient,
 * both over a few images at a time. Θ u = J (Jᵀ u) is the tangent kernel's.
 *
 * @param params every parameter; not masked yet, where there is a mask
 * @param xs `[images, ...network.input]`; images and parameters are read at each product and stay the caller's
 * @throws `invalid …` for options, images, parameters and masks that do not fit, also for numbers that are not finite
 */
export function jacobianProducts(
  network: Network,
  params: Params,
  xs: tf.Tensor,
  options: JacobianProductOptions = {},
): JacobianProducts {
  checkNames('jacobianProducts', options, { ...derivativeOptions, batch: 1, precision: 1 });
  const { batch = 64, precision = 'double', ...derivative } = options;
  const { names, mask, trainable, batchNorm: mode } = settleDerivative(network, params, xs, derivative);
  if (!(Number.isInteger(batch) && batch > 0)) throw invalid('batch', 'not a positive whole number', batch);
  const [images] = xs.shape;
  const shapes = parameterShapes(network);
  const parameters = Object.fromEntries(names.map((name) => [name, shapes[name]]));
  const shape = [images, network.classes] as const;
  const size = mode === 'training' ? images : Math.min(batch, images);
  const starts = Array.from({ length: Math.ceil(images / size) }, (_, i) => i * size);
  const { slopes, gradients, join } = functionsOf(network, names, mode, precision);

  /** Which images one call is for. */
  const places = (start: number) => tf.range(start, Math.min(start + size, images), 1, 'int32');

  return {
    shape,
    parameters,
    multiply(u) {
      checkDirections(network, u);
      for (const name of Object.keys(u))
        if (!Object.hasOwn(parameters, name))
          throw invalid('directions', 'not among the parameters that are differentiated by', name);
      if (Object.keys(u).length === 0) throw invalid('directions', 'none given, needs some of', names);
      const parts = starts.map((start) => {
        const at = places(start);
        const part = slopes({ params, mask, trainable, x: xs, at, u });
        at.dispose();
        return part;
      });
      if (parts.length === 1) return parts[0];
      const whole = join(parts);
      tf.dispose(parts);
      return whole;
    },
    multiplyTransposed(w) {
      checkTensor('cotangent', 'w', w);
      if (w.shape.join() !== shape.join())
        throw invalid('cotangent', `needs shape [images, outputs] = [${shape.join(', ')}], has`, w.shape);
      let sum: TensorRecord | undefined;
      for (const start of starts) {
        const at = places(start);
        const next = gradients({ params, mask, trainable, x: xs, at, w, sum });
        tf.dispose([at, sum ?? {}]);
        sum = next;
      }
      return sum as TensorRecord;
    },
  };
}

interface ProductInputs extends Readonly<Record<string, tf.Tensor | TensorRecord | undefined>> {
  params: Params;
  mask: TensorRecord;
  trainable: TensorRecord;
  /** All images. */
  x: tf.Tensor;
  /** Places of those that are looked at, `[images]`, int32. */
  at: tf.Tensor1D;
}

function functionsOf(
  network: Network,
  names: readonly string[],
  mode: 'inference' | 'training',
  precision: Precision,
) {
  const key = (product: string) => ['ntk', product, names, mode, precision];
  return {
    slopes: compiledFor(network, key('J u'), () =>
      compiled(
        ({ params, mask, trainable, x, at, u }: ProductInputs & { u: TensorRecord }): tf.Tensor2D =>
          tangent(network, masked(params, mask), masked(masked(u, mask), trainable), rowsAt(x, at), { mode })
            .tangent,
        { precision },
      ),
    ),
    gradients: compiledFor(network, key('Jᵀ w'), () =>
      compiled(
        ({
          params,
          mask,
          trainable,
          x,
          at,
          w,
          sum,
        }: ProductInputs & { w: tf.Tensor; sum?: TensorRecord }) => {
          const θ = masked(params, mask);
          const [images, cotangents] = [rowsAt(x, at), rowsAt(w, at)];
          const found = valueAndAllGradients(
            (inner) =>
              forward(network, { ...θ, ...inner }, images, { mode })
                .mul(cotangents)
                .sum(),
            Object.fromEntries(names.map((name) => [name, θ[name]])),
          );
          const kept = masked(masked(found.gradients, mask), trainable);
          return sum ? mapRecord(kept, (gradient, name) => gradient.add(sum[name])) : kept;
        },
        { precision },
      ),
    ),
    join: compiledFor(network, key('join'), () =>
      compiled((parts: readonly tf.Tensor2D[]): tf.Tensor2D => tf.concat([...parts]), { precision }),
    ),
  };
}
