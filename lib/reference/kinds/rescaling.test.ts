import '../exactConvolutions';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from '../../testing';
import { checkReference, isWithin, readReferenceFile, reportLine } from '..';
import type { ReferenceFile } from '../readReferenceFile';

const read = (name: string) => readReferenceFile(join(__dirname, '..', 'fixtures', `${name}.json`));

/** Lines of what does not agree or is not compared, and how much is. */
async function findings(file: ReferenceFile): Promise<{ wrong: string[]; compared: number }> {
  const wrong: string[] = [];
  let compared = 0;
  for await (const finding of checkReference(file)) {
    if (finding.measure !== 'not yet' && isWithin(finding)) compared++;
    else wrong.push(reportLine(file.name, finding));
  }
  return { wrong, compared };
}

const files: Readonly<Record<string, number>> = {
  rescaling_mlp: 33,
  rescaling_residual: 36,
  rescaling_residual_bn: 63,
  path_norms_folded: 34,
  tiny_residual_bn: 88,
};

for (const [name, compared] of Object.entries(files))
  test(`all of ${name} is compared and agrees`, async () => {
    assert.deepEqual(await findings(read(name)), { wrong: [], compared });
  });

test('a changed number of any field is found', async () => {
  const changes: [string, (fields: Record<string, never>) => void, RegExp][] = [
    ['rescaling_mlp', ({ before }) => scale(before, ['scores', 'b', 'fc1.weight', 3]), /before\.scores\.b /],
    ['rescaling_mlp', ({ pathcond }) => scale(pathcond, ['z', 2]), /pathcond\.z /],
    ['rescaling_mlp', ({ after }) => scale(after, ['F_theta']), /after\.F_theta /],
    [
      'rescaling_residual',
      ({ inadmissible_example: example }) => scale(example, ['F_abs_theta']),
      /inadmissible_example\.F_abs_theta /,
    ],
    [
      'rescaling_residual_bn',
      ({ policies }) => scale(policies, ['skip', 'after_statistics', 'trace']),
      /policies\.skip\.after_statistics\.trace /,
    ],
    [
      'path_norms_folded',
      ({ networks }) => scale(networks, ['pooled', 'path_norms', '4', 'sum_per_output', 1]),
      /networks\.pooled\.path_norms\.4\.sum_per_output /,
    ],
    ['tiny_residual_bn', ({ nodes }) => scale(nodes, ['b0add', 'sample0', 4]), /nodes\.b0add\.sample0 /],
    [
      'tiny_residual_bn',
      ({ policies }) => scale(policies, ['fold', 'scores_e', 'fc.weight', 2]),
      /fold\.scores_e /,
    ],
  ];
  for (const [name, change, says] of changes) {
    const file = structuredClone(read(name));
    change(file.fields as Record<string, never>);
    const { wrong } = await findings(file);
    assert.ok(
      wrong.some((line) => says.test(line)),
      `${name}: ${wrong.join('\n')}`,
    );
  }
});

type Holder = { [key: string | number]: Holder & number };

/** Multiplies a number deep within by a factor a little off 1. */
function scale(of: never, path: (string | number)[]): void {
  const last = path[path.length - 1];
  const holder = path.slice(0, -1).reduce<Holder>((at, key) => at[key], of as Holder);
  holder[last] = (holder[last] * 1.0001) as Holder & number;
}
