import { quantity } from './quantity';

export const learningRate = quantity({
  meaning: "rate of the epoch's steps; null in epoch 0",
  title: 'Learning rate',
  label: 'learning rate',
  measure: ({ steps }) => steps?.learningRate ?? null,
});

export const trainLoss = quantity({
  meaning:
    "mean loss (cross-entropy unless another is trained) over the epoch's steps, each taken before its update, in training mode; null in epoch 0",
  unit: 'nats',
  title: 'Training loss',
  label: 'mean loss',
  measure: ({ steps }) => steps?.metrics.loss ?? null,
});

export const trainTop1 = quantity({
  meaning: 'training images right at those steps; null in epoch 0',
  unit: 'fraction',
  title: 'Training accuracy',
  label: 'fraction right',
  measure: ({ steps }) => steps?.metrics.top1 ?? null,
});

export const trainTop5 = quantity({
  meaning: 'the same among the five largest outputs',
  unit: 'fraction',
  title: 'Training accuracy, top 5',
  label: 'fraction among the first five',
  measure: ({ steps }) => steps?.metrics.top5 ?? null,
});

export const seconds = quantity({
  meaning: 'time the training steps took, without measuring; 0 in epoch 0',
  unit: 's',
  title: 'Time of the training steps',
  label: 'seconds',
  measure: ({ steps }) => steps?.seconds ?? 0,
});
