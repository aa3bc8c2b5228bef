/** The rows of the benchmark: what is timed, how often in one process, and the work where it is known. */
export const rows: readonly { name: string; title: string; repetitions: number }[] = [
  { name: 'train-resnet20', title: 'Training step, ResNet-20, batch 128', repetitions: 8 },
  { name: 'train-vgg16-bn', title: 'Training step, VGG-16-BN, batch 128', repetitions: 4 },
  { name: 'train-fc-1000', title: 'Training step, FC-1000, batch 64, Adam', repetitions: 40 },
  { name: 'synflow-resnet20', title: 'SynFlow, 100 iterations to 1 %, ResNet-20', repetitions: 2 },
  { name: 'synflow-vgg16', title: 'SynFlow, 100 iterations to 1 %, VGG-16-BN', repetitions: 1 },
  { name: 'trace-resnet20', title: 'Path-Kernel trace, ResNet-20', repetitions: 20 },
  { name: 'trace-vgg16', title: 'Path-Kernel trace, VGG-16-BN', repetitions: 10 },
  { name: 'grasp-resnet20', title: 'GraSP on 256 images, ResNet-20', repetitions: 3 },
];
