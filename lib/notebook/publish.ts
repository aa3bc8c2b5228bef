/** One output in several representations, by mime type; the front end shows the richest it knows. */
export type Bundle = Record<string, unknown> & { 'text/plain': string };

/** The content of Jupyter's `display_data` message. */
export interface DisplayMessage {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  transient: { display_id?: string };
}

export type Publish = (message: DisplayMessage, update: boolean) => void;

/** On globalThis, so that it survives a reload of this file and needs no import of the kernel. */
const KEY = Symbol.for('pathkernel.display');
const shared = globalThis as { [KEY]?: () => Publish | undefined };

/** Where output goes: the cell that the code which calls this belongs to; undefined outside a notebook. */
export function publisher(): Publish | undefined {
  return shared[KEY]?.();
}

/** Called by the kernel when it starts. */
export function setPublisher(find: (() => Publish | undefined) | undefined): void {
  shared[KEY] = find;
}

/** Emits one output; outside a notebook its plain text is printed. */
export function publish(bundle: Bundle): void {
  const send = publisher();
  if (send) send({ data: bundle, metadata: {}, transient: {} }, false);
  else process.stdout.write(`${bundle['text/plain']}\n`);
}

/** A place in a cell's output that can be drawn again. */
export interface Display {
  /** Draws, in place of what was there. */
  draw(bundle: Bundle): void;
}

let serial = 0;

/**
 * A place in the output of the cell that calls; it stays there when a later cell draws into it.
 *
 * @param send where it is; in the cell that calls by default
 * @returns undefined outside a notebook
 */
export function openDisplay(send = publisher()): Display | undefined {
  if (!send) return undefined;
  const display_id = `pathkernel-${process.pid}-${Date.now().toString(36)}-${++serial}`;
  let drawn = false;
  return {
    draw(bundle) {
      send({ data: bundle, metadata: {}, transient: { display_id } }, drawn);
      drawn = true;
    },
  };
}
