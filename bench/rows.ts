/** A row of the benchmark: what is timed, how often in one round, and the work where it is known. */
export interface Row {
  name: string;
  title: string;
  /** In one round. */
  repetitions: number;
  /** At most; as many as are asked for where absent. */
  rounds?: number;
  /** The first call of a process is timed, in a new process each round, instead of the calls after it. */
  isFirst?: boolean;
  /** Whether PyTorch is timed with `torch.compile`, too. */
  isCompiled?: boolean;
}

export const rows: readonly Row[] = [
  ...[
    { name: 'train-fc-100', title: 'Training step, FC-100, batch 64, Adam', repetitions: 300 },
    { name: 'train-fc-1000', title: 'Training step, FC-1000, batch 64, Adam', repetitions: 30 },
    { name: 'train-resnet20', title: 'Training step, ResNet-20, batch 128', repetitions: 6 },
    { name: 'train-vgg16-bn', title: 'Training step, VGG-16-BN, batch 128', repetitions: 2 },
  ].map((row) => ({ ...row, isCompiled: true })),
  { name: 'synflow-resnet20', title: 'SynFlow, 100 iterations to 1 %, ResNet-20', repetitions: 1 },
  { name: 'synflow-vgg16', title: 'SynFlow, 100 iterations to 1 %, VGG-16-BN', repetitions: 1, rounds: 3 },
  { name: 'trace-resnet20', title: 'Path-Kernel trace, ResNet-20', repetitions: 60 },
  { name: 'trace-vgg16', title: 'Path-Kernel trace, VGG-16-BN', repetitions: 15 },
  { name: 'grasp-resnet20', title: 'GraSP on 256 images, ResNet-20', repetitions: 2 },
  {
    name: 'grasp-resnet20',
    title: 'GraSP on 256 images, ResNet-20, first call',
    repetitions: 1,
    isFirst: true,
  },
];
