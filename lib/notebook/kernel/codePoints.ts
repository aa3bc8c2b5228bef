/** Jupyter counts a cursor in Unicode characters, the compiler in UTF-16 units: they differ after an emoji. */
export function toUnits(text: string, characters: number): number {
  return [...text].slice(0, characters).join('').length;
}

/** The reverse of `toUnits`. */
export function toCharacters(text: string, units: number): number {
  return [...text.slice(0, units)].length;
}
