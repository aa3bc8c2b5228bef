import { invalid } from '../../base';
import type { TensorRecord, tf } from '../../tensor';

/**
 * Gives a model the weights of a file, which names them by its layers: `conv1/kernel`, in Keras 3 also `sequential/conv1/kernel`, and
 * `layers/conv2d_1/vars/0`, of the second layer of the class, in a `.keras`. Those of a layer lie in its order.
 *
 * @throws `invalid model file; …: FILE` where weights of a layer are missing, too many or misshapen, or belong to none
 */
export function setWeights(model: tf.LayersModel, weights: TensorRecord, file: string): void {
  const ofClass = namesByClass(model.layers);
  const names = model.layers.map(({ name }) => name).sort((a, b) => b.length - a.length);
  const found: Record<string, tf.Tensor[]> = {};
  for (const [name, weight] of Object.entries(weights)) {
    if (/seed_generator/.test(name)) continue; // of dropout
    const [, byClass] = /(?:^|\/)layers\/([^/]+)\/vars\/\d+$/.exec(name) ?? [];
    const layer =
      ofClass[byClass] ??
      names.find((own) => name.startsWith(`${own}/`)) ??
      names.find((own) => name.includes(`/${own}/`));
    if (layer === undefined) throw invalid('model file', `no layer has the weight ${name}`, file);
    found[layer] = [...(found[layer] ?? []), weight];
  }
  for (const layer of model.layers) {
    const given = found[layer.name] ?? [];
    const [has, needs] = [given, layer.weights].map((list) =>
      list.map(({ shape }) => `[${shape.join(', ')}]`).join(' '),
    );
    if (has !== needs)
      throw invalid(
        'model file',
        `${layer.name} needs weights of shapes ${needs || 'none'}, has ${has || 'none'}`,
        file,
      );
    if (given.length > 0) layer.setWeights(given);
  }
}

/** Layers by their classes in Python's spelling, counted: `conv2d`, `conv2d_1`. */
function namesByClass(layers: readonly tf.layers.Layer[]): Record<string, string> {
  const names: Record<string, string> = {};
  const counts: Record<string, number> = {};
  for (const layer of layers) {
    const kind = snakeCase(layer.getClassName());
    const count = counts[kind] ?? 0;
    names[count === 0 ? kind : `${kind}_${count}`] = layer.name;
    counts[kind] = count + 1;
  }
  return names;
}

/** `DepthwiseConv2D` → `depthwise_conv2d`, `PReLU` → `p_re_lu`, as Keras has it. */
function snakeCase(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
