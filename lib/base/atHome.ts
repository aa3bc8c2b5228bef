import { homedir } from 'node:os';

/** A path as a shell reads it: `~` at its beginning is the home folder. */
export function atHome(path: string): string {
  return path.replace(/^~(?=$|\/)/, homedir());
}
