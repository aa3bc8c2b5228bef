import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { randomStateDict, writeStateDict } from '../network/torch/testStateDict';
import { run } from './compact';

const folder = mkdtempSync(join(tmpdir(), 'pathkernel-cut-'));
after(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

async function command(t: TestContext, status: number, ...args: string[]): Promise<string> {
  const said: string[] = [];
  const mocks = (['log', 'error'] as const).map((name) =>
    t.mock.method(console, name, (text: string) => said.push(text)),
  );
  try {
    assert.equal(await run(args), status);
    return said.join('\n');
  } finally {
    for (const mock of mocks) mock.mock.restore();
  }
}

const quick = ['--batch', '2'];
const pruned = ['--data', 'mnist', '--method', 'synflow', '--compression', '50', '--iterations', '3'];

test('a pruned network is cut down, written, and read again, by this library and as a model of tfjs', async (t) => {
  const out = at('new/small');
  const said = await command(t, 0, 'conv', ...quick, ...pruned, '--out', out);
  assert.match(said, /^conv: [\d.]+ % of the multiplications are left/);
  assert.match(said, /network +weights +bytes +multiplications +milliseconds/);
  assert.match(said, /before[^\n]*\n[^\n]*after/);
  assert.match(said, /layer +channels +left +joined +border/);
  assert.match(said, /total/);
  assert.ok(
    said.endsWith(`written: ${join(out, 'network.safetensors')}\nwritten: ${join(out, 'model.json')}`),
  );
  for (const source of [join(out, 'network.safetensors'), out, join(out, 'model.json')])
    assert.match(await command(t, 0, source, ...quick), /^conv: 100 % of the multiplications are left/);
  await assert.rejects(
    run(['conv', ...quick, ...pruned, '--out', out]),
    /invalid out; there is such a file already, --overwrite writes over it: .*network.safetensors/,
  );
  assert.match(await command(t, 0, 'conv', ...quick, ...pruned, '--out', out, '--overwrite'), /written/);
});

test('a checkpoint of PyTorch is read by its names; what tfjs has no layer for is said', async (t) => {
  const dict = randomStateDict();
  const names: Record<string, string> = {};
  for (const name of Object.keys(dict))
    names[name] = name
      .replace('module.', '')
      .replace(/^(conv|bn)1/, 'stem/$1')
      .replace(/^layer(\d)\.(\d+)\./, (_, stage, block) => `stage${stage}/block${Number(block) + 1}/`)
      .replace('linear', 'fc');
  dict['module.layer2.1.conv1.weight'].values.fill(0);
  writeFileSync(at('pruned.th'), writeStateDict(dict));
  writeFileSync(at('names.json'), JSON.stringify(names));
  const read = ['--params', at('pruned.th'), '--names', at('names.json')];
  const said = await command(
    t,
    1,
    'resnet20',
    '--shortcut',
    'padding',
    ...quick,
    ...read,
    '--out',
    at('torch'),
  );
  assert.match(said, /stage2\/block2\/conv1 keeps none of its 9216 weights/);
  assert.match(
    said,
    /not written: model.json \(invalid network; tfjs has no layer that adds channels of zeros/,
  );
  assert.ok(existsSync(at('torch/network.safetensors')) && !existsSync(at('torch/model.json')));
});

test('what there is not is refused in a line', async () => {
  await assert.rejects(run([]), /invalid arguments; compact takes one network/);
  await assert.rejects(run(['cnov', '--method', 'synflow']), /invalid model; unknown, did you mean conv/);
  await assert.rejects(
    run(['conv']),
    /invalid arguments; nothing is pruned: give --params FILE, --mask FILE or --method/,
  );
  await assert.rejects(run(['conv', '--method', 'synflwo']), /invalid method; unknown, did you mean synflow/);
  await assert.rejects(
    run(['conv', ...pruned, '--mode', 'trianing']),
    /invalid mode; unknown, did you mean training/,
  );
  await assert.rejects(
    run(['conv', ...pruned, '--batch', '0']),
    /invalid batch; not a whole number of 1 or more: 0/,
  );
  await assert.rejects(run(['conv', '--params', at('none.pt')]), /invalid safetensors file; .*none.pt/);
  await assert.rejects(
    run(['conv', '--names', at('names.json'), '--method', 'snip']),
    /invalid names; only with --params/,
  );
  writeFileSync(at('not.json'), '{');
  await assert.rejects(
    run(['conv', '--params', at('a'), '--names', at('not.json')]),
    /invalid names file; not JSON/,
  );
});
