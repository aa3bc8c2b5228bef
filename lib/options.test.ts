import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import * as pathkernel from '.';
import { test } from './testing';

/** Types of parameters with parts that may be left out which are not options: what is worked on, and what came of it. */
const material = [
  ...['Config', 'Dataset', 'Effective', 'Network', 'Node', 'Plan', 'Tabular'],
  ...['FigureLike', 'FrameLike', 'TensorLike', 'WorkGroup'],
  ...['ScoreBatch', 'PruneSettings', 'ScoreContext', 'ScoringMethod', 'SymmetricOperator'], // a context is handed on by methods, with what else is in it
];
/** Read a part of a method, and check none of it. */
const unchecked = ['pruning.isBuilding', 'pruning.taxonomyOf'];

/** What has to come before the options for them to be looked at. */
const before: Readonly<Record<string, unknown[]>> = {
  'datasets.download': ['mnist'],
  'datasets.loadDataset': ['synthetic-10'],
  'display.saveFigure': [pathkernel.figures.spectrum([1]), 'a.svg'],
  'experiments.epochsToLossAgainst': [1, 'logTrace'],
  'experiments.finalAccuracyAgainst': ['logTrace'],
  'experiments.run': [{ data: 'mnist', model: 'conv' }],
  'figures.outputs': [[], 'outputNorm'],
  'linalg.leadingEigenvalues': [{ sizes: [1] }],
  'linalg.lanczosQuadrature': [{ sizes: [1] }],
  'linalg.traceOf': [[], () => 1],
  'nets.buildNetwork': ['resnet20'],
  'pruning.checkDensity': [pathkernel.fc()],
  'training.registerQuantity': ['mine'],
};

test('every public function refuses an option that it does not have, with the nearest names', async () => {
  const network = pathkernel.fc({ width: 2, depth: 2, input: [2], classes: 2 });
  const params = pathkernel.initialise(network, { seed: 1 });
  const usual: Readonly<Record<string, unknown>> = { network, params, file: 'a file' };
  const found = [...takingOptions()];
  assert.ok(found.length > 100, `only ${found.length} functions with options were found`);
  for (const { name, earlier } of found) {
    const [namespace, own] = name.split('.');
    const f = (pathkernel as unknown as Record<string, Record<string, (...args: unknown[]) => unknown>>)[
      namespace
    ][own];
    const args = earlier.map((parameter, i) => before[name]?.[i] ?? usual[parameter] ?? []);
    const call = async () => {
      const result = await f(...args, { nonsense: 1 });
      await (result as Partial<AsyncGenerator>)?.next?.();
    };
    await assert.rejects(call, { message: /; unknown, did you mean .*: nonsense$/ }, name);
  }
  pathkernel.tf.dispose(params);
});

test('what a model fixes is no option of it', () => {
  const { nets } = pathkernel;
  const refused: [() => unknown, string][] = [
    [() => nets.resnet20({ depth: 56 } as object), 'depth; fixed at 20 in this model: 56'],
    [() => nets.wideResnet18({ widen: 4 } as object), 'widen; fixed at 2 in this model: 4'],
    [() => nets.vgg16Bn({ batchNorm: false } as object), 'batchNorm; fixed at true in this model: false'],
    [() => nets.architectures['fc-100']({ width: 3 } as object), 'width; fixed at 100 in this model: 3'],
    [() => nets.architectures.vgg11({ depth: 13 } as object), 'depth; fixed at 11 in this model: 13'],
    [
      () => nets.buildNetwork('conv', { identityWeights: true }),
      'options of conv; unknown, did you mean input or classes: identityWeights',
    ],
  ];
  for (const [build, message] of refused) assert.throws(build, { message: `invalid ${message}` });
  assert.equal(nets.vgg16({ batchNorm: true }).name, 'vgg16-bn');
});

test('a choice of a scale has all that is chosen from, and no more', () => {
  const { atScale, scale } = pathkernel;
  const choices = { smoke: 1, laptop: 2, paper: 3 };
  assert.throws(() => atScale({ ...choices, lapdog: 2 } as object as typeof choices), {
    message: /did you mean laptop, .*: lapdog$/,
  });
  assert.throws(() => atScale({ ...choices, [scale()]: undefined } as never), /invalid choices; none for/);
});

test('a policy of sums over paths is one of those there are', () => {
  const { paths, initialise, fc, tf } = pathkernel;
  const network = fc({ width: 3, depth: 2, input: [2], classes: 2 });
  const params = initialise(network, { seed: 1 });
  const norm = (policy: object) => () => paths.pathNorm(network, params, 1, { policy });
  const trace = (policy: object) => () => paths.pathKernelTrace(network, params, { policy });
  assert.throws(norm({ constant: 'power' }), { message: /options of a policy; .* constants, .*: constant$/ });
  assert.throws(norm({ constants: 'powers' }), {
    message: /invalid policy; constants not once or power: powers$/,
  });
  assert.throws(trace({ maxPools: 'sum' }), { message: /options of a policy; .* maxPool, .*: maxPools$/ });
  // That of the trace is the convention's.
  assert.throws(trace({ relu: 'apply' }), { message: /options of a policy; unknown, .*: relu$/ });
  tf.dispose(params);
});

/** A function with a parameter that is an object some of whose parts may be left out. */
interface TakesOptions {
  /** `NAMESPACE.FUNCTION` */
  name: string;
  /** The names of the parameters before that. */
  earlier: string[];
}

function* takingOptions(): Generator<TakesOptions> {
  const index = join(__dirname, 'index.ts');
  const program = ts.createProgram([index], { ...compilerOptions(), noEmit: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(index)!;
  const actual = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const isOwn = (symbol: ts.Symbol) =>
    (symbol.declarations ?? []).some((one) => one.getSourceFile().fileName.startsWith(__dirname));
  const isOptions = (type: ts.Type): boolean => {
    const name = (type.aliasSymbol ?? type.symbol)?.name;
    if (type.isUnion()) return !material.includes(name) && type.types.some(isOptions);
    if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return false;
    if (material.includes(name) || type.getCallSignatures().length > 0) return false;
    return type.getProperties().some((part) => isOwn(part) && part.flags & ts.SymbolFlags.Optional);
  };
  for (const namespace of checker.getExportsOfModule(checker.getSymbolAtLocation(source)!)) {
    const module = actual(namespace);
    if (!(module.flags & ts.SymbolFlags.ValueModule) || !isOwn(module)) continue;
    for (const own of checker.getExportsOfModule(module)) {
      const name = `${namespace.name}.${own.name}`;
      if (unchecked.includes(name) || !isOwn(actual(own))) continue;
      for (const { parameters } of checker.getTypeOfSymbol(actual(own)).getCallSignatures())
        for (const [place, parameter] of parameters.entries())
          if (isOptions(checker.getNonNullableType(checker.getTypeOfSymbol(parameter))))
            yield { name, earlier: parameters.slice(0, place).map((one) => one.name) };
    }
  }
}

function compilerOptions(): ts.CompilerOptions {
  const file = resolve(__dirname, '..', 'tsconfig.json');
  const { config } = ts.readConfigFile(file, ts.sys.readFile);
  return ts.parseJsonConfigFileContent(config, ts.sys, resolve(__dirname, '..')).options;
}
