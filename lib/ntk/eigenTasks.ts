import { invalid } from '../base';
import { batches, type Dataset } from '../data';
import { symmetricEigen } from '../linalg';
import { tf } from '../tensor';

/** Two-class tasks on the images of a data set, harder from one to the next. */
export interface EigenTasks {
  /** Of the kernel, largest first: the alignment of each eigenfunction. */
  eigenvalues: Float64Array;
  /** The j-th eigenfunction from 0, of unit length: its value at each training image, then at each test image. */
  eigenfunction(j: number): Float64Array;
  /** The images with the sign of the j-th eigenfunction for a label, 1 where it is above 0. */
  task(j: number): Dataset;
}

/**
 * Tasks as hard as their number says: the signs of the eigenfunctions of a tangent kernel between training and test images
 * together, as in "What can linearized neural networks actually say about generalization?" (Ortiz-Jiménez et al. 2021). A network of
 * one output is trained on them by `loss: 'sigmoid-cross-entropy'`.
 *
 * @param kernel Θ between the images of {@link imagesOf}, `[n, n]`, row by row, of one output
 * @throws `invalid kernel; …` where it is not between as many images; `invalid task; …` for one there is not
 */
export function eigenTasks(data: Dataset, kernel: Float64Array): EigenTasks {
  const { train, test } = data;
  const count = train.count + test.count;
  if (kernel.length !== count ** 2)
    throw invalid('kernel', `not ${count} × ${count} numbers for the images of ${data.name}`, kernel.length);
  const { values, vectors } = symmetricEigen(kernel);
  const eigenfunction = (j: number) => {
    if (!(Number.isInteger(j) && 0 <= j && j < count)) throw invalid('task', `not 0 to ${count - 1}`, j);
    return vectors[j];
  };
  return {
    eigenvalues: values,
    eigenfunction,
    task(j) {
      const labels = Uint8Array.from(eigenfunction(j), (value) => (value > 0 ? 1 : 0));
      return {
        ...data,
        name: `${data.name}, eigenfunction ${j}`,
        classes: 2,
        classNames: ['−', '+'],
        train: { ...train, labels: labels.slice(0, train.count) },
        test: { ...test, labels: labels.slice(train.count) },
      };
    },
  };
}

/** The images of both splits, those of training first, normalised: `[train + test, ...shape]`; the caller disposes of it. */
export function imagesOf(data: Dataset): tf.Tensor4D {
  return tf.tidy(() => {
    const [train, test] = (['train', 'test'] as const).map((split) => {
      const [{ images }] = batches(data, split, { batch: data[split].count });
      return images;
    });
    return tf.concat([train, test]);
  });
}
