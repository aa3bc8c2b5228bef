import type * as TypeScript from '@tslab/typescript-for-tslab';
import { throwIfAbandoned } from '../../base/interrupt';

type CreateProgram = TypeScript.CreateProgram<TypeScript.BuilderProgram>;

/** Global, since cells and modules alike call it. */
const NAME = '__pathkernel_goOn__';

/**
 * Makes a loop of a cell that was given up end where it next waits, by an exception: `await x` becomes `goOn(await x)`, and each turn of a
 * `for await` begins by `goOn()`. Nothing else could end it.
 */
export function withEndingAwaits(compiler: typeof TypeScript, create: CreateProgram): CreateProgram {
  Object.assign(globalThis, { [NAME]: goOn });
  return (...args) => {
    const builder = Reflect.apply(create, undefined, args);
    const emit = builder.emit;
    builder.emit = (file, write, token, only, transformers = {}) => {
      const after = [markAwaits(compiler), ...(transformers.after ?? [])];
      return emit(file, write, token, only, { ...transformers, after });
    };
    return builder;
  };
}

function goOn<T>(value: T): T {
  throwIfAbandoned();
  return value;
}

function markAwaits(compiler: typeof TypeScript): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  const { factory } = compiler;
  const call = (...values: TypeScript.Expression[]) =>
    factory.createCallExpression(factory.createIdentifier(NAME), undefined, values);
  return (context) => (file) => {
    const visit = (node: TypeScript.Node): TypeScript.Node => {
      const visited = compiler.visitEachChild(node, visit, context);
      if (compiler.isAwaitExpression(visited)) return call(visited);
      if (!compiler.isForOfStatement(visited) || !visited.awaitModifier) return visited;
      const { awaitModifier, initializer, expression, statement } = visited;
      const body = factory.createBlock([factory.createExpressionStatement(call()), statement], true);
      return factory.updateForOfStatement(visited, awaitModifier, initializer, expression, body);
    };
    return compiler.visitEachChild(file, visit, context);
  };
}
