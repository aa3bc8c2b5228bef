/** Declares to the compiler what `provideDialogs` gives to cells. */
export const dialogTypes = `declare global {
  /** Asks the one who runs the notebook for a line of text; an empty one gives \`otherwise\`. */
  function prompt(message?: string, otherwise?: string): string | null;
  /** Asks the one who runs the notebook for yes or no, which it is where nothing is said. */
  function confirm(message?: string): boolean;
  /** Prints a message. */
  function alert(message?: unknown): void;
}
`;
