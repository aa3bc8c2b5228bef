import type * as TypeScript from '@tslab/typescript-for-tslab';

/** The file in which tslab keeps the declarations of earlier cells. */
const EARLIER = '__prev__.d.ts';

type CreateProgram = TypeScript.CreateProgram<TypeScript.BuilderProgram>;

/**
 * Makes names of properties in braces work that tslab gets wrong when it turns variables of earlier cells into `exports.data`:
 * it passes over `{ data }`, which becomes `{ data: exports.data }` before tslab looks at it, and it takes the name of a
 * property for a variable in `const { rows: layers } = report`, where the type of `report` is spelt out in an earlier cell; this
 * becomes `{ 'rows': layers }`.
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
  compiler: typeof TypeScript,
  checker: TypeScript.TypeChecker,
): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  const { factory, isBindingElement, isIdentifier } = compiler;
  const isEarlier = (symbol: TypeScript.Symbol | undefined): boolean =>
    (symbol?.declarations ?? []).some((declaration) =>
      declaration.getSourceFile().fileName.endsWith(EARLIER),
    );
  const isEarlierName = (name?: TypeScript.PropertyName): name is TypeScript.Identifier =>
    name !== undefined && isIdentifier(name) && isEarlier(checker.getSymbolAtLocation(name));
  return (context) => (file) => {
    const visitChildren = <N extends TypeScript.Node>(node: N): N =>
      compiler.visitEachChild(node, visit, context);
    const visit = (node: TypeScript.Node): TypeScript.Node => {
      if (compiler.isShorthandPropertyAssignment(node)) {
        if (!isEarlier(checker.getShorthandAssignmentValueSymbol(node))) return visitChildren(node);
        const { text } = node.name;
        const value = factory.createPropertyAccessExpression(factory.createIdentifier('exports'), text);
        const fallback = node.objectAssignmentInitializer;
        return factory.createPropertyAssignment(
          text,
          fallback ? factory.createAssignment(value, visit(fallback) as TypeScript.Expression) : value,
        );
      }
      if (isBindingElement(node) && isEarlierName(node.propertyName)) {
        const { propertyName, dotDotDotToken, name, initializer } = node;
        const literal = factory.createStringLiteral(propertyName.text);
        return visitChildren(factory.updateBindingElement(node, dotDotDotToken, literal, name, initializer));
      }
      return visitChildren(node);
    };
    return visitChildren(file);
  };
}
