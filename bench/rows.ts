import { max } from 'd3-array';
import type { MaskOptions } from './makeMask';

/** What a side is asked to do: read by cases.ts and by peer/cases.py. */
export type Case =
  | {
      kind: 'train';
      network: string;
      batch: number;
      optimiser: 'momentum' | 'adam';
      /** A file with the mask to train under, in PyTorch's layout; none where all weights are kept. */
      mask?: string;
    }
  | { kind: 'synflow' | 'trace' | 'methods'; network: string }
  | { kind: 'grasp'; network: string; batch: number }
  | { kind: 'spectrum'; network: string; k: number }
  | { kind: 'ntk'; network: string; images: number; outputs: 'full' | 'trace' };

/** A row of the benchmark: what is timed, and how often in one round. */
export interface Row {
  title: string;
  case: Case;
  /** How the mask to train under is made; both sides read it. */
  mask?: Pick<MaskOptions, 'method' | 'density'>;
  /** In one round. */
  repetitions: number;
  /** At most; as many as are asked for where absent. */
  rounds?: number;
  /** The first call of a process is timed, in a new process each round, instead of the calls after it. */
  isFirst?: boolean;
  /** Whether PyTorch is timed with `torch.compile`, too. */
  isCompiled?: boolean;
  /** Whether PyTorch has nothing to set beside it. */
  isAlone?: boolean;
}

type Training = Row & { case: Case & { kind: 'train' } };

const fc100: Training = {
  title: 'Training step, FC-100, batch 64, Adam',
  case: { kind: 'train', network: 'fc-100', batch: 64, optimiser: 'adam' },
  repetitions: 300,
};
const fc1000: Training = {
  title: 'Training step, FC-1000, batch 64, Adam',
  case: { kind: 'train', network: 'fc-1000', batch: 64, optimiser: 'adam' },
  repetitions: 30,
};
const resnet20: Training = {
  title: 'Training step, ResNet-20, batch 128',
  case: { kind: 'train', network: 'resnet20', batch: 128, optimiser: 'momentum' },
  repetitions: 6,
};
const vgg16: Training = {
  title: 'Training step, VGG-16-BN, batch 128',
  case: { kind: 'train', network: 'vgg16-bn', batch: 128, optimiser: 'momentum' },
  repetitions: 2,
};

/** A training step under masks. PyTorch multiplies by them whatever they hold: it is compiled for the first of them alone. */
function masked(row: Training): Row[] {
  return [
    { name: 'SynFlow', method: 'synflow', isCompiled: true },
    { name: 'SNIP', method: 'snip/as-published', rounds: 3 },
    { name: 'SynFlow-L2', method: 'synflow-l2', rounds: 3 },
  ].flatMap(({ name, method, ...options }) =>
    [0.1, 0.01].map((density) => ({
      ...row,
      ...options,
      title: `${row.title}, ${name} to ${100 * density} %`,
      mask: { method, density },
    })),
  );
}

const grasp: Row = {
  title: 'GraSP on 256 images, ResNet-20',
  case: { kind: 'grasp', network: 'resnet20', batch: 256 },
  repetitions: 2,
};

export const rows: readonly Row[] = [
  ...[fc100, fc1000, resnet20, vgg16].map((row) => ({
    ...row,
    title: `${row.title}, dense`,
    isCompiled: true,
  })),
  ...[fc1000, resnet20, vgg16].flatMap(masked),
  {
    title: 'SynFlow, 100 iterations to 1 %, ResNet-20',
    case: { kind: 'synflow', network: 'resnet20' },
    repetitions: 1,
  },
  {
    title: 'SynFlow, 100 iterations to 1 %, VGG-16-BN',
    case: { kind: 'synflow', network: 'vgg16-bn' },
    repetitions: 1,
    rounds: 3,
  },
  { title: 'Path-Kernel trace, ResNet-20', case: { kind: 'trace', network: 'resnet20' }, repetitions: 60 },
  { title: 'Path-Kernel trace, VGG-16-BN', case: { kind: 'trace', network: 'vgg16-bn' }, repetitions: 15 },
  {
    title: 'Tangent kernel, 64 images × 10 outputs, ResNet-20',
    case: { kind: 'ntk', network: 'resnet20', images: 64, outputs: 'full' },
    repetitions: 1,
    rounds: 3,
  },
  {
    title: 'Tangent kernel, 1,000 images, summed over outputs, FC-100',
    case: { kind: 'ntk', network: 'fc-100', images: 1000, outputs: 'trace' },
    repetitions: 1,
    rounds: 1, // PyTorch takes half a minute and 5 GiB
  },
  ...[
    { title: 'ResNet-20', case: { kind: 'spectrum', network: 'resnet20', k: 10 } } as const,
    { title: 'VGG-16-BN', case: { kind: 'spectrum', network: 'vgg16-bn', k: 5 } } as const,
  ].map(
    (row): Row => ({
      ...row,
      title: `${row.case.k} leading eigenvalues of the Path Kernel, ${row.title}, first call`,
      repetitions: 1,
      rounds: 1,
      isFirst: true,
      isAlone: true,
    }),
  ),
  { ...grasp, title: `${grasp.title}, later calls` },
  { ...grasp, title: `${grasp.title}, first call`, repetitions: 1, isFirst: true },
  {
    title: 'Pruning by every method but PX and NTK-SAP to 10 %, ResNet-20, first call',
    case: { kind: 'methods', network: 'resnet20' },
    repetitions: 1,
    rounds: 3,
    isFirst: true,
    isAlone: true,
  },
];

/**
 * The rows whose title holds every one of the words, in whatever case, and as many as can be as words of their own: `synflow`
 * is not SynFlow-L2, nor 1 the 1 of 10, while `train` is in every training step.
 */
export function rowsWith(words: readonly string[]): Row[] {
  const asked = words.flatMap(wordsOf);
  const held = rows.filter(({ title }) => asked.every((word) => title.toLowerCase().includes(word)));
  const whole = ({ title }: Row) => asked.filter((word) => wordsOf(title).includes(word)).length;
  const most = max(held, whole);
  return held.filter((row) => whole(row) === most);
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '');
}
