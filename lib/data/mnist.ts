import { checkNames } from '../base';
import type { FolderOption } from './dataFolder';
import type { Dataset } from './dataset';
import { mnistFolder } from './mnistFolder';

/**
 * MNIST: 60,000 training and 10,000 test images of handwritten digits, 28×28×1 (LeCun, Cortes and Burges).
 *
 * @param options where the files are
 * @throws where they are not there: `npx pathkernel data mnist` fetches them
 */
export async function mnist(options: FolderOption = {}): Promise<Dataset<Uint8Array>> {
  checkNames('mnist', options, { folder: 1 });
  const classNames = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
  return mnistFolder({ name: 'mnist', classNames, folder: options.folder });
}
