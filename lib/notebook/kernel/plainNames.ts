import type * as TypeScript from '@tslab/typescript-for-tslab';

/** The file in which tslab keeps the cell, and the line it adds to export what the cell declares. */
const CELL = '/__tslab__.ts';
const EXPORTED = /\nexport \{[^}]*\}$/;

/**
 * Lets cells declare names that begin with two underscores, as code made for modules does with `__dirname`: the compiler keeps
 * those with a third one, and tslab takes that for the name.
 */
export function withPlainNames(system: TypeScript.System): TypeScript.System {
  const plain: TypeScript.System = Object.create(system);
  plain.readFile = (name, encoding) => {
    const text = system.readFile(name, encoding);
    if (!name.endsWith(CELL)) return text;
    return text?.replace(EXPORTED, (names) => names.replace(/(?<=[{ ])___/g, '__'));
  };
  return plain;
}
