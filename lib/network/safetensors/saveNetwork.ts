import { InvalidError, invalid } from '../../base';
import { isRecord } from '../../base/isRecord';
import { defineNetwork } from '../defineNetwork';
import type { Network } from '../graph';
import { checkParams, type Params } from '../params';
import { loadParams } from './loadParams';
import { openTensors } from './loadTensors';
import { saveParams } from './saveParams';

/**
 * Writes a network and its parameters into one safetensors file: its nodes stand as JSON in the header, under `network`.
 *
 *     await nets.saveNetwork('small.safetensors', small.network, small.params);
 *
 * @throws `invalid params; …` for those of another network, `cannot write FILE: …` where the disk is the reason
 */
export async function saveNetwork(file: string, network: Network, params: Params): Promise<void> {
  checkParams(network, params);
  const { name, nodes, initialiser } = network;
  const own = Object.fromEntries(network.parameters.map((spec) => [spec.name, params[spec.name]]));
  await saveParams(file, own, { metadata: { network: JSON.stringify({ name, nodes, initialiser }) } });
}

/**
 * Reads a network and its parameters from a file of {@link saveNetwork}.
 *
 * @returns the network, and parameters that the caller disposes of
 * @throws `invalid safetensors file; RULE: FILE` for a file without a network, or with one that is none, and as `loadParams` does
 */
export async function loadNetwork(file: string): Promise<{ network: Network; params: Params }> {
  const { metadata } = await openTensors(file);
  if (metadata.network === undefined)
    throw invalid('safetensors file', 'says nothing of its network; loadParams reads it for one', file);
  const network = described(metadata.network, file);
  return { network, params: await loadParams(file, network) };
}

function described(text: string, file: string): Network {
  try {
    const { name, nodes, initialiser } = JSON.parse(text) as Network;
    if (typeof name !== 'string' || !Array.isArray(nodes) || nodes.some((node) => !isRecord(node)))
      throw invalid('network', 'no name and nodes', text.slice(0, 40));
    return { ...defineNetwork(name, nodes), ...(initialiser && { initialiser }) };
  } catch (error) {
    const reason = error instanceof InvalidError ? error.message : 'damaged';
    throw invalid('safetensors file', `its network cannot be read (${reason})`, file);
  }
}
