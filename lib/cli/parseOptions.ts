import { parseArgs } from 'node:util';
import { invalid, lookUp } from '../base';

/**
 * `parseArgs` of Node whose errors are one line.
 *
 * @throws `invalid option; unknown, did you mean --workers, …: --worker`, `invalid arguments; …`
 */
export const parseOptions: typeof parseArgs = (config) => {
  try {
    return parseArgs(config);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [, unknown] = /^Unknown option '(-[^']+)'/.exec(message) ?? [];
    const known = Object.keys(config?.options ?? {}).map((name) => [`--${name}`, name]);
    if (unknown !== undefined) lookUp('option', Object.fromEntries(known), unknown);
    throw invalid('arguments', message, config?.args);
  }
};
