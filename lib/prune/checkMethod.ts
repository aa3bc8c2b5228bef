import { checkNames, invalid, lookUp } from '../base';
import { checkAbout } from './about';
import type { Method } from './method';

const methodNames: Record<keyof Method, 1> = {
  ...{ description: 1, needs: 1, version: 1, readmits: 1, isConserved: 1 },
  ...{ iterations: 1, score: 1, build: 1, compacts: 1, about: 1 },
};

/** @throws `invalid method; …` for what is no method, `invalid options of a method; …` for a part that methods do not have */
export function checkMethod(method: Method): void {
  const fail = (rule: string, value: unknown) => invalid('method', rule, value);
  if (typeof method !== 'object' || method === null) throw fail('neither a name nor a method', method);
  checkNames('a method', method, methodNames);
  const { description, about, needs, version, iterations, score, build, compacts } = method;
  if (typeof description !== 'string') throw fail('its description is not a text', description);
  if (about !== undefined) checkAbout('method', about);
  lookUp('method.needs', { nothing: 1, batch: 1, meanImage: 1 }, needs);
  if (version !== undefined && !(Number.isInteger(version) && version > 0))
    throw fail('its version is not a positive whole number', version);
  if ((typeof score === 'function') === (typeof build === 'function'))
    throw fail('has not one of the functions score and build', Object.keys(method));
  if (compacts !== undefined) lookUp('method.compacts', { paths: 1, training: 1 }, compacts);
  if (score && !(Number.isInteger(iterations) && iterations > 0))
    throw fail('its iterations are not a positive whole number', iterations);
}
