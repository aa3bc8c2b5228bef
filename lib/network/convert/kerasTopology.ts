import { invalid } from '../../base';
import { isRecord } from '../../base/isRecord';

/** A layer of a model's JSON; the names of its options are Python's. */
export interface KerasLayer {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly name?: string;
  readonly inbound_nodes?: readonly unknown[];
}

export interface KerasTopology {
  readonly class_name: string;
  readonly config: { readonly layers: readonly KerasLayer[]; readonly [option: string]: unknown };
}

/**
 * The JSON of a sequential or functional model of Keras 2 or 3 as tfjs reads it: as Keras 2 writes it, without initialisers,
 * regularisers and constraints.
 *
 * @param topology `modelTopology` of a model.json, or what `model.to_json()` gives
 * @param file for messages
 * @throws `invalid model file; …: FILE` for what is no such model, `invalid CLASS LAYER; …` for an option that tfjs would pass over
 */
export function kerasTopology(topology: unknown, file: string): KerasTopology {
  const model = (isRecord(topology) && topology.model_config) || topology;
  const { class_name, config } = (isRecord(model) ? model : {}) as Record<string, unknown>;
  // Sequential models of Keras before 2.2.3 are a list of layers.
  const parts = Array.isArray(config) ? { name: 'sequential', layers: config } : config;
  if (
    typeof class_name !== 'string' ||
    !isRecord(parts) ||
    !Array.isArray(parts.layers) ||
    !parts.layers.every(isLayer)
  )
    throw invalid('model file', 'holds no layers of a sequential or functional model', file);
  const { input_layers, output_layers, layers } = parts;
  return {
    class_name,
    config: {
      ...parts,
      ...(input_layers !== undefined && { input_layers: listOf(input_layers) }),
      ...(output_layers !== undefined && { output_layers: listOf(output_layers) }),
      layers: layers.map(asKeras2),
    },
  };
}

/** Keras 3 writes one `[layer, node, tensor]` without a list around it. */
function listOf(layers: unknown): unknown {
  return Array.isArray(layers) && typeof layers[0] === 'string' ? [layers] : layers;
}

function asKeras2(layer: KerasLayer): KerasLayer {
  const { class_name, config, inbound_nodes } = layer;
  refuse(layer, 'groups', 1); // of a Conv2D
  if (class_name === 'ReLU') for (const option of ['negative_slope', 'threshold']) refuse(layer, option, 0);
  if (class_name === 'GlobalAveragePooling2D') refuse(layer, 'keepdims', false);
  const { batch_shape, dtype, negative_slope, ...others } = config;
  const kept = Object.entries(others).filter(
    ([option]) => !/_(initializer|regularizer|constraint)$/.test(option),
  );
  return {
    ...layer,
    config: {
      ...Object.fromEntries(kept),
      ...(batch_shape !== undefined && { batch_input_shape: batch_shape }),
      ...(class_name === 'LeakyReLU' && negative_slope !== undefined && { alpha: negative_slope }),
    },
    ...(inbound_nodes && {
      inbound_nodes: inbound_nodes.map((node) => (isRecord(node) ? inboundNode(layer, node) : node)),
    }),
  };
}

/** A call of a layer: `[[layer, node, tensor, {}], …]` in Keras 2, the arguments of a call in Keras 3. */
function inboundNode(layer: KerasLayer, { args, kwargs }: Readonly<Record<string, unknown>>): unknown {
  if (tensorsIn(kwargs).length > 0)
    throw invalid(
      `${layer.class_name} ${layer.name}`,
      'a tensor given by keyword is not supported',
      Object.keys(kwargs as object),
    );
  return tensorsIn(args).map((history) => [...history, {}]);
}

function tensorsIn(value: unknown): (readonly unknown[])[] {
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  if (!isRecord(value)) return [];
  const { class_name, config } = value;
  if (class_name === '__keras_tensor__' && isRecord(config)) return [config.keras_history as unknown[]];
  return Object.values(value).flatMap(tensorsIn);
}

function refuse({ class_name, name, config }: KerasLayer, option: string, allowed: unknown): void {
  const value = config[option] ?? allowed;
  if (value !== allowed)
    throw invalid(`${class_name} ${name ?? config.name}`, `${option} is not supported`, value);
}

function isLayer(value: unknown): value is KerasLayer {
  return isRecord(value) && typeof value.class_name === 'string' && isRecord(value.config);
}
