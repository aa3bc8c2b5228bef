const ATTRIBUTES = /(\b(?:from|import)\s*(["'])[^"'\n]*\2\s*)((?:with|assert)\s*\{[^{}]*\})/g;

/** Code without what imports say of the kind of a file, `with { type: 'json' }`: this TypeScript does not know it yet. */
export function withoutAttributes(code: string): string {
  return code.replace(ATTRIBUTES, (_all, before: string, _quote, attributes: string) => {
    return before + attributes.replace(/[^\r\n]/g, ' ');
  });
}
