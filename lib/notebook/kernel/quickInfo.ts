import type * as TypeScript from '@tslab/typescript-for-tslab';

/** Tags for the makers of documentation, not for its readers. */
const HIDDEN = ['doc', 'internal'];

/**
 * What the compiler knows of a name, as a signature, its documentation and its tags; tslab gives plain text only, and
 * leaves out which text is that of `@returns` or `@throws`.
 */
export function describeQuickInfo(info: TypeScript.QuickInfo): Record<string, string> {
  const signature = joined(info.displayParts);
  const documentation = joined(info.documentation);
  const tags = (info.tags ?? [])
    .filter(({ name, text }) => joined(text) && !HIDDEN.includes(name))
    .map(({ name, text }) => ({ name, text: joined(text) }));
  const plain = tags.map(({ name, text }) => `@${name} ${text}`);
  const rich = tags.map(({ name, text }) =>
    name === 'example' ? `*@example*\n\n${fenced(text)}` : `*@${name}* ${text}`,
  );
  return {
    'text/plain': [signature, documentation, plain.join('\n')].filter(Boolean).join('\n\n'),
    'text/markdown': [signature && fenced(signature), documentation, ...rich].filter(Boolean).join('\n\n'),
  };
}

function joined(parts: readonly { text: string }[] = []): string {
  return parts.map(({ text }) => text).join('');
}

function fenced(code: string): string {
  return code.includes('```') ? code : `\`\`\`typescript\n${code}\n\`\`\``;
}
