import { compareRanks } from '../checks/rankStatistics';
import { fieldsOf } from '../jsonFields';
import type { Kind } from './kind';

/** Kind `rank-statistics`: rank correlations of given lists. */
export const rankStatistics: Kind = async function* compare({ fields }) {
  for (const [i, fieldsOfCase] of fieldsOf('file', fields).objects('cases').entries()) {
    const own = fieldsOf(`cases[${i}]`, fieldsOfCase);
    const controls = (['c', 'd'] as const).filter((name) => fieldsOfCase[name] !== undefined);
    const ranked = { a: own.numbers('a'), b: own.numbers('b') };
    const others = Object.fromEntries(controls.map((name) => [name, own.numbers(name)]));
    yield* compareRanks(`cases.${i}.`, own.object('results'), { ...ranked, ...others });
  }
};
