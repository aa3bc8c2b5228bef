import * as fs from 'node:fs';
import * as path from 'node:path';
import { base, nets, prune, pruning, saveParams } from 'pathkernel';
import { type Bound, bound } from './bound';
import { imagesFor, networkOf } from './networkOf';

// `makeMask.ts OPTIONS`: makes a mask that both sides of a row then read, unless it lies there from an earlier time, in a process
// of its own, whose memory is not the row's. Writes a line, a MaskMade.

export interface MaskOptions {
  network: string;
  method: string;
  /** Share of the weights to keep. */
  density: number;
  folder: string;
}

export interface MaskMade {
  /** The mask in PyTorch's layout. */
  file: string;
  bound: Bound;
}

async function main({ network: name, method, density, folder }: MaskOptions): Promise<void> {
  const { network, params } = networkOf(name);
  const { version = 1 } = base.lookUp('method', pruning.methods, method);
  const file = path.join(folder, `${name}-${method.replace('/', '-')}-v${version}-${density}.safetensors`);
  if (!fs.existsSync(file)) {
    const { mask } = await prune(network, params, { method, density, batch: await imagesFor(network) });
    fs.mkdirSync(folder, { recursive: true });
    await saveParams(file, mask, { layout: 'pytorch', network });
  }
  const { tensors } = await nets.loadTensors(file);
  const made: MaskMade = { file, bound: bound(network, params, nets.fromPytorch(network, tensors)) };
  process.stdout.write(`${JSON.stringify(made)}\n`);
}

void main(JSON.parse(process.argv[2]));
