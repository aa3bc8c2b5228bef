import type * as TypeScript from '@tslab/typescript-for-tslab';

/** The file in which tslab keeps the declarations of earlier cells. */
const EARLIER = '__prev__.d.ts';

type CreateProgram = TypeScript.CreateProgram<TypeScript.BuilderProgram>;

/**
 * Makes `{ data }` work where `data` is a variable of an earlier cell. tslab turns mentions of such variables into
 * `exports.data`, but passes over this short form; it becomes `{ data: exports.data }` before tslab looks at it.
 */
export function withShorthands(compiler: typeof TypeScript): CreateProgram {
  return (...args) => {
    const builder = Reflect.apply(compiler.createAbstractBuilder, undefined, args);
    const emit = builder.emit;
    builder.emit = (file, write, token, only, transformers = {}) => {
      const expand = expandShorthands(compiler, builder.getProgram().getTypeChecker());
      const after = [expand, ...(transformers.after ?? [])];
      return emit(file, write, token, only, { ...transformers, after });
    };
    return builder;
  };
}

function expandShorthands(
  { factory, isShorthandPropertyAssignment, visitEachChild }: typeof TypeScript,
  checker: TypeScript.TypeChecker,
): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  const isEarlier = (node: TypeScript.ShorthandPropertyAssignment): boolean =>
    (checker.getShorthandAssignmentValueSymbol(node)?.declarations ?? []).some((declaration) =>
      declaration.getSourceFile().fileName.endsWith(EARLIER),
    );
  return (context) => (file) => {
    const visit = (node: TypeScript.Node): TypeScript.Node => {
      if (!isShorthandPropertyAssignment(node) || !isEarlier(node))
        return visitEachChild(node, visit, context);
      const { text } = node.name;
      const value = factory.createPropertyAccessExpression(factory.createIdentifier('exports'), text);
      const fallback = node.objectAssignmentInitializer;
      return factory.createPropertyAssignment(
        text,
        fallback ? factory.createAssignment(value, visit(fallback) as TypeScript.Expression) : value,
      );
    };
    return visitEachChild(file, visit, context);
  };
}
