import {
  buildNetwork,
  createRandom,
  initialise,
  type Network,
  type Params,
  pathKernelTrace,
  prune,
  tf,
} from 'pathkernel';
import { startTrainingStep } from './startTrainingStep';

type Repeat = () => void | Promise<void>;

/** Each case: prepares, and returns what one repetition does. PyTorch's side of each is in peer/cases.py. */
export const cases: Readonly<Record<string, () => Repeat>> = {
  'train-resnet20': () => trainStep('resnet20', 128, 'momentum'),
  'train-vgg16-bn': () => trainStep('vgg16-bn', 128, 'momentum'),
  'train-fc-100': () => trainStep('fc-100', 64, 'adam'),
  'train-fc-1000': () => trainStep('fc-1000', 64, 'adam'),
  'synflow-resnet20': () => synflow('resnet20'),
  'synflow-vgg16': () => synflow('vgg16-bn'),
  'trace-resnet20': () => trace('resnet20'),
  'trace-vgg16': () => trace('vgg16-bn'),
  'grasp-resnet20': () => grasp('resnet20', 256),
};

function start(name: string): { network: Network; params: Params } {
  const input = name.startsWith('fc') ? [28, 28, 1] : [32, 32, 3];
  const network = buildNetwork(name, { input, classes: 10 });
  return { network, params: initialise(network, { seed: 1 }) };
}

/** Normal images and labels in turn, as in peer/cases.py. */
function batch(network: Network, size: number): { images: tf.Tensor4D; labels: tf.Tensor1D } {
  const random = createRandom(1);
  const pixels = network.input.reduce((product, extent) => product * extent, size);
  const [height, width, channels] = network.input;
  return {
    images: tf.tensor4d(
      Float32Array.from({ length: pixels }, () => random.normal()),
      [size, height, width, channels],
    ),
    labels: tf.tensor1d(
      Int32Array.from({ length: size }, (_, i) => i % 10),
      'int32',
    ),
  };
}

function trainStep(name: string, size: number, optimiser: 'momentum' | 'adam'): Repeat {
  const { network, params } = start(name);
  return startTrainingStep(network, params, optimiser, batch(network, size));
}

function synflow(name: string): Repeat {
  const { network, params } = start(name);
  return async () => {
    const { mask } = await prune(network, params, { method: 'synflow', density: 0.01 });
    tf.dispose(mask);
  };
}

function trace(name: string): Repeat {
  const { network, params } = start(name);
  return () => void pathKernelTrace(network, params);
}

function grasp(name: string, size: number): Repeat {
  const { network, params } = start(name);
  const images = batch(network, size);
  return async () => {
    const { mask } = await prune(network, params, { method: 'grasp', density: 0.1, batch: images });
    tf.dispose(mask);
  };
}
