import { Failure } from './failure.mjs';

/**
 * Takes `--gpu` and `--cpu` out of a command's arguments.
 *
 * @param passOn whether other arguments belong to the program that is started next; otherwise they are refused
 */
export function parseBuild(args, { passOn }) {
  const asked = args.filter((arg) => arg === '--gpu' || arg === '--cpu').map((arg) => arg.slice(2));
  const rest = args.filter((arg) => arg !== '--gpu' && arg !== '--cpu');
  if (new Set(asked).size > 1) throw new Failure('both --gpu and --cpu were given', 'give one of them');
  if (!passOn && rest.length > 0) {
    throw new Failure(`unknown argument ${rest[0]}`, 'the arguments are --gpu (CUDA build) and --cpu');
  }
  return { build: asked[0], rest };
}
