import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { datasets } from '../../data';
import { architectures } from '../../network';
import { methods } from '../../prune';
import type { Penalty } from '../../train';
import { type ConfigInput, canonicalForm, readConfig, runHash, type SparseConfig } from '.';
import { readStoredConfig } from './readConfig';

const small: ConfigInput = { data: 'fashion-mnist', model: 'fc-100' };
const names = Object.keys as <T extends object>(table: T) => (keyof T & string)[];

/** Runs made before an option came must keep their names: new lines may be added here, none may change. */
const pinned: [string, ConfigInput][] = [
  ['f7f7c99f03f4', small],
  ['4be676ca2f62', { ...small, seed: 1337, initialiser: 'orthogonal' }],
  ['393c9d5d58fe', { ...small, prune: { method: 'synflow', compression: 100 } }],
  [
    '8825d14ee461',
    { ...small, prune: { method: 'snip', density: 0.1, iterations: 10, schedule: 'linear', scope: 'layer' } },
  ],
  [
    'c84a821b1ce3',
    { ...small, prune: { method: 'grasp/as-published', exponent: 0.5, rule: 'as-published', perClass: 3 } },
  ],
  ['b67ba7260792', { ...small, train: { epochs: 100 } }],
  [
    '6e7b3673b59a',
    { ...small, train: { epochs: 2, learningRate: 5e-4, batch: 128, augment: true, beta1: 0.8 } },
  ],
  [
    'f550e196d7f4',
    {
      data: { name: 'cifar-100', train: 5000, test: 1000, folder: 'elsewhere' },
      model: { name: 'resnet20', identityWeights: true },
      train: {
        epochs: 160,
        optimiser: 'sgd',
        learningRate: 0.1,
        momentum: 0.9,
        nesterov: true,
        weightDecay: 1e-4,
        schedule: { drops: [60, 120], rate: 0.2 },
      },
      record: { trace: 'as-published', test: false },
    },
  ],
  [
    'b0ea5dac2136',
    { data: { name: 'synthetic-10', seed: 2, train: 60 }, model: { name: 'fc', width: 8, depth: 3 } },
  ],
  ['6cb0402303f4', { ...small, record: { trace: false } }],
];

test('training the whole network of a masked one, or the smaller one wherever there is one, is another run', () => {
  const train = { epochs: 2 };
  const [preset, whole, smaller] = [{}, { compact: false }, { compact: true }].map((option) =>
    readConfig({ ...small, train: { ...train, ...option } }),
  );
  assert.equal(Object.hasOwn(preset.train as object, 'compact'), false);
  assert.deepEqual([whole.train?.compact, smaller.train?.compact], [false, true]);
  assert.equal(new Set([preset, whole, smaller].map(runHash)).size, 3);
  assert.equal(runHash(preset), runHash(readConfig({ ...small, train })));
  assert.throws(
    () => readConfig({ ...small, train: { ...train, compact: 'no' as never } }),
    /invalid config.train.compact; .*: no/,
  );
});

test('a penalty is part of the run, its defaults written out or not, and refused by the place it stands in', () => {
  const named = (penalty?: object) =>
    runHash(readConfig({ ...small, train: { epochs: 1, ...(penalty && { penalty: penalty as Penalty }) } }));
  const [one, same] = [
    { on: 'kernel', strength: 0.1 },
    { strength: 0.1, power: 1, towards: 0, on: 'kernel' },
  ];
  assert.equal(named(one), named(same));
  assert.equal(new Set([undefined, one, { ...one, strength: { 2: 0.1 } }].map(named)).size, 3);
  assert.throws(
    () => named({ ...one, power: -1 }),
    /^InvalidError: invalid config\.train\.penalty; power not a number above 0: -1$/,
  );
  assert.throws(
    () => named({ ...one, on: 'mean' }),
    /^InvalidError: invalid config\.train\.penalty\.on; unknown/,
  );
});

test('a mask that changes is part of the run, its defaults written out or not, and refused by the place it stands in', () => {
  const read = (sparse: object, more: object = {}) =>
    readConfig({ ...small, train: { epochs: 2, ...more, sparse: sparse as SparseConfig } });
  const named = (sparse: object, more?: object) => runHash(read(sparse, more));
  assert.deepEqual(read({ method: 'rigl' }).train?.sparse, {
    ...{ method: 'rigl', every: 100, begin: 0, end: 0.75, fraction: 0.3 },
    ...{ decay: 'cosine', replacesStep: true },
  });
  assert.equal(named({ method: 'rigl' }), named({ every: 100, method: 'rigl', fraction: 0.3 }));
  assert.equal(
    named({ method: 'gmp', density: 0.1 }),
    named({ method: 'gmp', density: 0.1, scope: 'layer' }),
  );
  const others = [
    runHash(readConfig({ ...small, train: { epochs: 2 } })),
    named({ method: 'rigl' }),
    named({ method: 'rigl' }, { validation: 0 }),
    named({ method: 'rigl', every: 10 }),
    named({ method: 'set' }),
    named({ method: 'gmp', density: 0.1 }),
    named({ method: 'gmp', density: 0.2 }),
  ];
  assert.equal(new Set(others).size, others.length);
  const refused: [object, string][] = [
    [{ method: 'rigle' }, 'config.train.sparse.method; unknown, did you mean rigl'],
    [{ every: 2 }, 'config.train.sparse.method; is missing: undefined'],
    [{ method: 'rigl', density: 0.1 }, 'config.train.sparse.density; unknown, did you mean'],
    [{ method: 'granet' }, 'config.train.sparse.density; is missing, this method needs it: undefined'],
    [{ method: 'set', fraction: 2 }, 'config.train.sparse.fraction; not in (0, 1): 2'],
  ];
  for (const [sparse, message] of refused)
    assert.throws(
      () => read(sparse),
      ({ message: found }: Error) => found.startsWith(`invalid ${message}`) || assert.fail(found),
    );
  assert.throws(
    () => read({ method: 'set' }, { validation: 1 }),
    /invalid config.train.validation; not in \[0, 1\): 1/,
  );
});

test('another loss and a linearised network are other runs, and their defaults written out the same run', () => {
  const named = (option: object) => runHash(readConfig({ ...small, train: { epochs: 2, ...option } }));
  assert.equal(named({ loss: 'cross-entropy', linearised: false }), named({}));
  assert.equal(new Set([{}, { loss: 'squares' }, { linearised: true }].map(named)).size, 3);
  assert.throws(() => named({ loss: 'mse' }), /invalid config.train.loss; .*squares.*: mse/);
  assert.throws(() => named({ linearised: true, compact: true }), /invalid config.train.compact; no smaller/);
});

test('a sampled choice and a gate are parts of the name, and their defaults written out the same run', () => {
  const prune = { method: 'magnitude', density: 0.1 };
  const named = (more: object) => runHash(readConfig({ ...small, prune: { ...prune, ...more } }));
  const ways = [
    {},
    { rule: 'sampled' },
    { rule: 'sampled', temperature: 0.5 },
    { rule: 'sampled', temperature: 0 },
    { rule: 'sampled', replacement: true },
    { gate: 'shuffle' },
    { gate: 'reinitialise' },
    { gate: 'invert' },
    { rule: 'sampled', gate: 'shuffle' },
  ];
  assert.equal(new Set(ways.map(named)).size, ways.length);
  assert.equal(named({ rule: 'sampled', temperature: 1, replacement: false }), named({ rule: 'sampled' }));
  const refused: [object, RegExp][] = [
    [{ temperature: 1 }, /invalid config.prune.temperature; only with the rule sampled: 1/],
    [
      { rule: 'as-published', replacement: true },
      /invalid config.prune.replacement; only with the rule sampled/,
    ],
    [{ rule: 'sampled', temperature: -1 }, /invalid config.prune.temperature; not 0 or more: -1/],
    [
      { rule: 'sampled', temperature: 0, replacement: true },
      /invalid config.prune.temperature; with replacement/,
    ],
    [{ gate: 'shufle' }, /invalid config.prune.gate; unknown, did you mean shuffle.*: shufle/],
    [{ gate: 'invert', rule: 'sampled' }, /invalid config.prune.gate; inverts scores alone/],
    [{ gate: 'invert', method: 'random/er' }, /invalid config.prune.gate; inverts scores alone/],
  ];
  for (const [more, message] of refused) assert.throws(() => named(more), message);
});

test('known runs keep their names', () => {
  assert.deepEqual(
    pinned.map(([, input]) => runHash(readConfig(input))),
    pinned.map(([name]) => name),
  );
});

test('a record from before a method changed keeps its name, and no new run is called so', () => {
  const before: [string, object][] = [
    ['6c75a87fa95f', pinned[3][1]],
    ['5f0099919bd6', pinned[4][1]],
    ['393c9d5d58fe', pinned[2][1]],
  ];
  for (const [name, input] of before) {
    const stored = readStoredConfig(input);
    assert.equal(runHash(stored), name);
    assert.ok(!('version' in stored.prune!));
    const { method } = stored.prune!;
    const now = readConfig(stored);
    assert.equal(now.prune?.version ?? 1, methods[method].version ?? 1);
    assert.equal(runHash(now) === name, (methods[method].version ?? 1) === 1, method);
    assert.equal(runHash(readStoredConfig(JSON.parse(JSON.stringify(now)))), runHash(now), 'as it is stored');
    assert.equal(runHash(readConfig(now)), runHash(now), 'as a worker gets it');
  }
  assert.throws(() => readConfig({ ...small, prune: { method: 'snip', compression: 2, version: 9 } }), {
    message: /^invalid config\.prune\.version; snip is of version \d here: 9$/,
  });
});

test('layers, batch norm and an adaptive number are each part of the name, however layers are listed', () => {
  const of = (more: object) =>
    runHash(readConfig({ ...small, prune: { method: 'snip', density: 0.1, ...more } }));
  const ways = [
    {},
    { iterations: 'adaptive' },
    { batchNorm: 'training' },
    { batchNorm: 'inference' },
    { only: 'dense1' },
    { except: 'dense1' },
    { only: ['dense1', 'dense*'] },
  ];
  assert.equal(new Set(ways.map(of)).size, ways.length);
  assert.equal(of({ only: ['dense*', 'dense1', 'dense*'] }), of({ only: ['dense1', 'dense*'] }));
  assert.equal(of({ except: ['dense1'] }), of({ except: 'dense1' }));
});

test('of plug-ins the content counts, not their names nor their order', () => {
  const of = (...plugins: object[]) => runHash(readConfig({ ...small, plugins }));
  assert.equal(
    of({ name: 'a', hash: '1' }, { name: 'b', hash: '2' }),
    of({ hash: '2' }, { name: 'c', hash: '1' }),
  );
  assert.equal(new Set([of({ hash: '1' }), of({ hash: '2' }), runHash(readConfig(small))]).size, 3);
  assert.equal(of(), runHash(readConfig(small)));
});

test('what defaults say need not be said, in whatever order', () => {
  const short: ConfigInput = {
    ...small,
    prune: { method: 'synflow', compression: 8 },
    train: { epochs: 2, optimiser: 'sgd', learningRate: 0.1 },
  };
  const long: ConfigInput = {
    record: { test: true, trace: 'weights' },
    train: {
      weightDecay: 0,
      nesterov: false,
      momentum: 0,
      learningRate: 0.1,
      optimiser: 'sgd',
      augment: false,
      batch: 64,
      epochs: 2,
    },
    prune: {
      perClass: 10,
      images: 'balanced',
      rule: 'exact',
      scope: 'global',
      schedule: 'exponential',
      iterations: 100,
      density: 0.125,
      method: 'synflow',
    },
    seed: 1,
    model: { name: 'fc-100' },
    data: { name: 'fashion-mnist' },
  };
  assert.deepEqual(readConfig(short), readConfig(long));
  assert.equal(runHash(readConfig(short)), runHash(readConfig(long)));
  assert.equal(
    JSON.stringify(canonicalForm(readConfig(long))),
    '{"data":{"name":"fashion-mnist"},"model":{"name":"fc-100"},"prune":{"density":0.125,"method":"synflow"},' +
      '"train":{"epochs":2,"learningRate":0.1,"optimiser":"sgd"}}',
  );
});

test('no epochs and seed 0 of a synthetic set are as good as silence', () => {
  const name = (input: ConfigInput) => runHash(readConfig(input));
  assert.equal(name({ ...small, train: { epochs: 0 } }), name(small));
  const made: ConfigInput = { ...small, data: 'synthetic-10' };
  assert.equal(name({ ...made, data: { name: 'synthetic-10', seed: 0 } }), name(made));
  assert.notEqual(name({ ...made, data: { name: 'synthetic-10', seed: 1 } }), name(made));
});

test('an fc of a width that has a name is the model of that name', () => {
  const name = (model: ConfigInput['model']) => runHash(readConfig({ ...small, model }));
  assert.equal(name({ name: 'fc', width: 200 }), name('fc-200'));
  assert.equal(name('fc'), name('fc-100'));
  assert.notEqual(name({ name: 'fc', depth: 5 }), name('fc-100'));
});

test('density, compression and exponent that are equal name one run', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 6, noNaN: true }), (exponent) => {
      const ways = [{ exponent }, { compression: 10 ** exponent }, { density: 1 / 10 ** exponent }];
      const runs = ways.map((way) => readConfig({ ...small, prune: { method: 'snip', ...way } }));
      assert.equal(new Set(runs.map(runHash)).size, 1);
    }),
  );
});

/** Valid configurations with many an option, each sometimes at its default. */
const inputs: fc.Arbitrary<ConfigInput> = fc.record(
  {
    data: fc.constantFrom(...names(datasets)),
    model: fc.constantFrom(...names(architectures)),
    seed: fc.nat(3),
    prune: fc.record(
      {
        method: fc.constantFrom(...names(methods)),
        compression: fc.integer({ min: 1, max: 5 }),
        iterations: fc.constantFrom(1, 100, 'adaptive' as const),
        except: fc.constantFrom('dense1', ['dense1'], ['b', 'a']),
        scope: fc.constantFrom('global' as const, 'layer' as const),
        perClass: fc.constantFrom(10, 11),
        images: fc.constantFrom('balanced' as const, 'as-published' as const),
      },
      { requiredKeys: ['method', 'compression'] },
    ),
    train: fc.record(
      { epochs: fc.nat(2), batch: fc.constantFrom(64, 65), learningRate: fc.constantFrom(1e-3, 1e-2) },
      { requiredKeys: ['epochs'] },
    ),
    record: fc.record({ test: fc.boolean() }, { requiredKeys: [] }),
  },
  { requiredKeys: ['data', 'model'] },
);

test('a canonical form means what its configuration means, and so does the complete form', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const config = readConfig(input);
      assert.deepEqual(readConfig(canonicalForm(config)), config);
      assert.deepEqual(readConfig(JSON.parse(JSON.stringify(config))), config);
    }),
  );
});

test('two configurations have one name exactly where they are equal', () => {
  fc.assert(
    fc.property(inputs, inputs, (a, b) => {
      const [one, other] = [readConfig(a), readConfig(b)];
      const areEqual = JSON.stringify(one) === JSON.stringify(other);
      assert.equal(runHash(one) === runHash(other), areEqual);
    }),
  );
});

const refused: [unknown, string][] = [
  [undefined, 'config; is missing: undefined'],
  [[], 'config; not an object: []'],
  [{ model: 'fc-100' }, 'config.data; is missing: undefined'],
  [
    { ...small, data: 'fashion' },
    'config.data.name; unknown, did you mean fashion-mnist, mnist or cifar-10: fashion',
  ],
  [{ ...small, modle: 1 }, 'config.modle; unknown, did you mean model, prune or data: modle'],
  [{ ...small, data: { name: 'mnist', seed: 3 } }, 'config.data.seed; only for synthetic sets: 3'],
  [{ ...small, data: { name: 'mnist', train: 0 } }, 'config.data.train; not a whole number of 1 or more: 0'],
  [
    { ...small, data: { name: 'synthetic-10', folder: 'x' } },
    'config.data.folder; synthetic-10 has no files: x',
  ],
  [{ ...small, model: 'fc-99' }, 'config.model.name; unknown, did you mean fc, fc-100 or fc-200: fc-99'],
  [
    { ...small, model: { name: 'fc-100', width: 5 } },
    'config.model.width; only for the model fc, fc-100 has its own: 5',
  ],
  [
    { ...small, model: { name: 'vgg11', identityWeights: true } },
    'config.model.identityWeights; only for residual networks: vgg11',
  ],
  [
    { ...small, model: { name: 'fc', identityWeights: true } },
    'config.model.identityWeights; only for residual networks: fc',
  ],
  [{ ...small, seed: 1.5 }, 'config.seed; not a whole number of 0 or more: 1.5'],
  [{ ...small, seed: Number.NaN }, 'config.seed; not a whole number of 0 or more: NaN'],
  [{ ...small, seed: '1' }, 'config.seed; not a whole number of 0 or more: "1"'],
  [
    { ...small, initialiser: 'kaiming' },
    'config.initialiser; unknown, did you mean kaimingNormal, kaimingUniform or pytorch: kaiming',
  ],
  [{ ...small, prune: { method: 'snip', density: 2 } }, 'config.prune.density; not in (0, 1]: 2'],
  [{ ...small, prune: { method: 'snip', density: Number.NaN } }, 'config.prune.density; not in (0, 1]: NaN'],
  [{ ...small, prune: { method: 'snip', compression: 0.5 } }, 'config.prune.compression; not 1 or more: 0.5'],
  [{ ...small, prune: { method: 'snip', exponent: -1 } }, 'config.prune.exponent; not in [0, 300]: -1'],
  [
    { ...small, prune: { method: 'snip' } },
    'config.prune.density; give one of density (fraction kept), compression (1 / density) and exponent (log10 of compression): undefined',
  ],
  [
    { ...small, prune: { method: 'snip', density: 0.5, exponent: 1 } },
    'config.prune.density; give one of density (fraction kept), compression (1 / density) and exponent (log10 of compression): [density 0.5, exponent 1]',
  ],
  [
    { ...small, prune: { method: 'snipp', density: 0.5 } },
    'config.prune.method; unknown, did you mean snip, deim or dfpc: snipp',
  ],
  [{ ...small, prune: { density: 0.5 } }, 'config.prune.method; is missing: undefined'],
  [
    { ...small, prune: { method: 'snip', density: 0.5, iterations: 0 } },
    'config.prune.iterations; not a whole number of 1 or more: 0',
  ],
  [
    { ...small, prune: { method: 'snip', density: 0.5, iterations: 'adaptiv' } },
    'config.prune.iterations; not a whole number of 1 or more: adaptiv',
  ],
  [
    { ...small, prune: { method: 'snip', density: 0.5, only: 'a', except: ['b'] } },
    'config.prune.only; give only or except, not both: [a, b]',
  ],
  [
    { ...small, prune: { method: 'snip', density: 0.5, except: [] } },
    'config.prune.except; not a list of one or more: []',
  ],
  [
    { ...small, prune: { method: 'snip', density: 0.5, except: ['a', 1] } },
    'config.prune.except[1]; not a text: 1',
  ],
  [
    { ...small, prune: { method: 'snip', density: 0.5, batchNorm: 'infer' } },
    'config.prune.batchNorm; unknown, did you mean inference or training: infer',
  ],
  [
    { ...small, prune: { method: 'synflow', density: 0.5, batchNorm: 'training' } },
    'config.prune.batchNorm; synflow looks at no images: training',
  ],
  [{ ...small, train: {} }, 'config.train.epochs; is missing: undefined'],
  [{ ...small, train: null }, 'config.train; not an object: null'],
  [
    { ...small, train: { epochs: 1, learningRate: -1 } },
    'config.train.learningRate; not a positive number: -1',
  ],
  [{ ...small, train: { epochs: 1, learningRate: 'fast' } }, 'config.train.learningRate; not a number: fast'],
  [{ ...small, train: { epochs: 1, optimiser: 'sgd' } }, 'config.train.learningRate; is missing: undefined'],
  [
    { ...small, train: { epochs: 1, optimiser: 'sdg' } },
    'config.train.optimiser; unknown, did you mean sgd or adam: sdg',
  ],
  [
    { ...small, train: { epochs: 1, momentum: 0.9 } },
    'config.train.momentum; only for the optimiser sgd: 0.9',
  ],
  [
    { ...small, train: { epochs: 1, optimiser: 'sgd', learningRate: 1, nesterov: true } },
    'config.train.nesterov; takes momentum above 0: true',
  ],
  [
    { ...small, train: { epochs: 9, schedule: { drops: [3, 2] } } },
    'config.train.schedule; drops not whole epochs from 1, rising: [3, 2]',
  ],
  [
    { ...small, train: { epochs: 9, schedule: { drops: ['a'] } } },
    'config.train.schedule.drops[0]; not a whole number of 1 or more: a',
  ],
  [
    { ...small, train: { epochs: 9, schedule: { drops: [] } } },
    'config.train.schedule.drops; not a list of one or more: []',
  ],
  [{ ...small, record: { test: 1 } }, 'config.record.test; not true or false: 1'],
  [
    { ...small, record: { trace: 'weight' } },
    'config.record.trace; unknown, did you mean weights, as-published or as-published-training: weight',
  ],
];

test('what is wrong is refused with its path, the rule and the value', () => {
  for (const [document, message] of refused)
    assert.throws(() => readConfig(document), { name: 'InvalidError', message: `invalid ${message}` });
});
