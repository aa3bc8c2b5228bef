import './exactConvolutions';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { run } from '../cli/reference';
import { toPytorch } from '../network';
import { type MethodName, prune } from '../prune';
import { tf } from '../tensor';
import { test } from '../testing';
import { checkReference, isWithin, readReferenceFile, reportLine } from '.';
import { fieldsOf } from './jsonFields';
import type { MaskCase } from './maskCase';
import { buildSubject, disposeSubject } from './subject';

const fixture = (name: string) => join(__dirname, 'fixtures', `${name}.json`);

/** Masks followed to the end where their name has this text, and for a few iterations elsewhere: all would take ten minutes. */
const files: Record<string, { quantities: number; inFull?: string; others?: number }> = {
  linearised_mlp: { quantities: 60 },
  linearised_conv: { quantities: 106 },
  path_length: { quantities: 84 },
  freeze: { quantities: 20 },
  iterative_magnitude: { quantities: 27 },
  iterative_magnitude_ties: { quantities: 27 },
  model_reduction: { quantities: 43 },
  spectrum_mlp: { quantities: 45 },
  spectrum_conv_bn: { quantities: 45 },
  spectrum_tiny_resbn: { quantities: 45 },
  tiny_mlp_paths: { quantities: 20 },
  tiny_resconv_paths: { quantities: 30 },
  tiny_mlp_bias: { quantities: 300, inFull: '.global.c1.', others: 10 },
  tiny_conv_bn: { quantities: 300, inFull: '.global.c1.', others: 5 },
  tiny_conv_bn_stats: { quantities: 300, inFull: '.local.c2.', others: 5 },
  fc100: { quantities: 200, inFull: '.synflow_l2_squared.global.c1.', others: 5 },
  resnet20: { quantities: 200, inFull: '.synflow.global.c2.', others: 2 },
  vgg11_bn: { quantities: 150, others: 2 },
};

for (const [name, { quantities, inFull, others = 1 }] of Object.entries(files))
  test(`every quantity of ${name} agrees with the reference`, async () => {
    const follow = ({ name: mask, iterations }: MaskCase) =>
      iterations === 1 || (inFull !== undefined && mask.includes(inFull)) ? iterations : others;
    let compared = 0;
    const failures: string[] = [];
    for await (const finding of checkReference(readReferenceFile(fixture(name)), { follow })) {
      if (finding.measure === 'not yet') continue;
      compared++;
      if (!isWithin(finding)) failures.push(reportLine(name, finding));
    }
    assert.deepEqual(failures, []);
    assert.ok(compared >= quantities, `only ${compared} quantities were compared`);
  });

test('nothing of a linearised network is passed over, and a kernel, a flow or a task that is off fails', async () => {
  const findings = async (name: string, change: (fields: Record<string, unknown>) => void = () => {}) => {
    const file = readReferenceFile(fixture(name));
    const fields = structuredClone(file.fields) as Record<string, unknown>;
    change(fields);
    const found = [];
    for await (const finding of checkReference({ ...file, fields })) found.push(finding);
    return found;
  };
  for (const name of ['linearised_mlp', 'linearised_conv'])
    assert.deepEqual(
      (await findings(name)).filter(({ measure }) => measure === 'not yet'),
      [],
    );
  const off = await findings('linearised_conv', ({ flow, eigenfunctions, f_lin }) => {
    const [{ weights_only }, { tasks }, { all }] = [flow, eigenfunctions, f_lin] as Record<string, never>[];
    (weights_only as { gradient_flow: { test: number[] }[] }).gradient_flow[2].test[0] += 1e-6;
    (tasks as { labels: number[] }[])[1].labels[3] ^= 1;
    (all as number[])[5] *= 1 + 1e-6;
  });
  assert.deepEqual(
    off
      .filter((finding) => finding.measure !== 'not yet' && !isWithin(finding))
      .map(({ quantity }) => quantity),
    ['f_lin.all', 'eigenfunctions.tasks.1.labels', 'flow.weights_only.gradient_flow.t10.test'],
  );
});

test('prune arrives at the masks of the references', async () => {
  const methods: Record<string, MethodName> = {
    magnitude: 'magnitude',
    snip: 'snip',
    grasp_fork: 'grasp/as-published',
    grasp_standard: 'grasp',
    synflow: 'synflow/as-published',
    synflow_l2_dist_fork: 'synflow-l2-dist/as-published',
  };
  const file = readReferenceFile(fixture('tiny_mlp_bias'));
  const subject = buildSubject(file);
  const { network, params, data } = subject;
  for (const mask of fieldsOf('file', file.fields).objects('masks')) {
    const { text, number, object } = fieldsOf('mask', mask);
    const method = methods[text('method')];
    if (method === undefined || number('sparsity') !== 0.1) continue;
    const needs = /snip|grasp|dist/.test(method) && data;
    const pruned = await prune(network, params, {
      method,
      density: 0.1,
      iterations: number('epochs'),
      scope: text('scope') === 'local' ? 'layer' : 'global',
      select: 'threshold',
      ...(needs && { batchNorm: 'inference', batch: { images: data.inputs, labels: data.targets } }),
    });
    const theirs = toPytorch(network, pruned.mask);
    for (const [name, bits] of Object.entries(object('mask')))
      assert.equal(theirs[name].dataSync().join(''), bits, `${method} ${text('scope')} ${name}`);
    tf.dispose([pruned.mask, theirs]);
  }
  disposeSubject(subject);
});

/** Runs the command on a copy of a small file after `change`. */
async function runChanged(
  context: TestContext,
  change: (file: Record<string, never>) => unknown,
): Promise<{ status: number; log: string; error: string }> {
  const log = context.mock.method(console, 'log', () => {});
  const error = context.mock.method(console, 'error', () => {});
  const folder = mkdtempSync(join(tmpdir(), 'reference-'));
  const path = join(folder, 'changed.json');
  const file = JSON.parse(readFileSync(fixture('tiny_mlp_paths'), 'utf8'));
  const changed = change(file) ?? file;
  writeFileSync(path, typeof changed === 'string' ? changed : JSON.stringify(changed));
  const said = (mocked: typeof log) =>
    mocked.mock.calls.map(({ arguments: [text] }) => String(text)).join('\n');
  try {
    const status = await run([path]);
    return { status, log: said(log), error: said(error) };
  } finally {
    rmSync(folder, { recursive: true });
    log.mock.restore();
    error.mock.restore();
  }
}

type Changeable = {
  [name: string]: unknown;
  outputs: number[];
  pi: number[];
  network: { op: string; weight?: string }[];
  path_kernel: { rank: number };
  params: { values: number[]; shape: number[] }[];
};
const changing = (change: (file: Changeable) => unknown) => change as unknown as () => unknown;

test('the command exits with 0 where all agrees, a line for each quantity, known or not', async (context) => {
  const { status, log } = await runChanged(
    context,
    changing((file) => {
      file.curvature = 1;
      (file.path_kernel as Record<string, unknown>).curvature = 1;
    }),
  );
  assert.equal(status, 0);
  assert.match(log, /^changed\.json\s+outputs\s+\S+\s+1\.0e-5\s+relative\s+ok$/m);
  assert.match(log, /^changed\.json\s+curvature\s.*not yet$/m);
  assert.match(log, /^changed\.json\s+path_kernel\.curvature\s.*not yet$/m);
  assert.equal(log.match(/not yet/g)?.length, 2);
});

const changes: Record<string, { change: (file: Changeable) => unknown; says: RegExp }> = {
  'a changed output': {
    change: (file) => {
      file.outputs[3] *= 1.0001;
    },
    says: /outputs .*FAIL/,
  },
  'a changed path value': {
    change: (file) => {
      file.pi[7] += 1e-4;
    },
    says: /pi .*FAIL/,
  },
  'a changed weight': {
    change: (file) => {
      file.params[0].values[0] += 0.01;
    },
    says: /R1 .*FAIL/,
  },
  'a rank that is one off': {
    change: (file) => {
      file.path_kernel.rank++;
    },
    says: /rank .*FAIL/,
  },
  'an output that is no number': {
    change: (file) => {
      file.R1 = null;
    },
    says: /R1 .*FAIL/,
  },
  'an unknown op': {
    change: (file) => {
      file.network[2].op = 'gelu';
    },
    says: /invalid op of node relu0; unknown, did you mean .*: gelu/,
  },
  'a weight that is not listed': {
    change: (file) => {
      file.network[1].weight = 'lost';
    },
    says: /a node uses a parameter that is not listed: lost/,
  },
  'values that do not fill their shape': {
    change: (file) => {
      file.params[0].values.pop();
    },
    says: /1\.weight of shape \[5, 4\] has: 19 values/,
  },
  'no quantity to compare': {
    change: ({ network, params }) => ({ network, params }),
    says: /has nothing that could be compared/,
  },
  'a file of another kind': {
    change: (file) => {
      file.kind = 'mystery';
    },
    says: /of the kind "mystery", which nothing here is compared with/,
  },
  'a list of architectures': {
    change: () => ({ about: {}, models: [] }),
    says: /it lists architectures, not the numbers of one network/,
  },
  'an empty object': { change: () => ({}), says: /has no list `network`/ },
  'an empty file': { change: () => ' ', says: /is not JSON/ },
  'text that is no JSON': { change: () => '{"network": [', says: /is not JSON/ },
};

for (const [what, { change, says }] of Object.entries(changes))
  test(`the command exits with 1 for ${what} and says so`, async (context) => {
    const { status, log, error } = await runChanged(context, changing(change));
    assert.equal(status, 1);
    assert.match(`${log}\n${error}`, says);
  });

test('the command exits with 1 for files that are not there and without any', async (context) => {
  const error = context.mock.method(console, 'error', () => {});
  context.mock.method(console, 'log', () => {});
  assert.equal(await run([join(tmpdir(), 'no-such-file.json')]), 1);
  assert.match(String(error.mock.calls[0].arguments[0]), /invalid reference file; no such file/);
  assert.equal(await run([]), 1);
  await assert.rejects(run(['x.json', '--iterations', 'many']), /invalid iterations; not 1 or more: many/);
});
