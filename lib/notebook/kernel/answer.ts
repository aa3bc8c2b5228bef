/** What the kernel answers to a message. */
export interface Answer {
  type: string;
  content: object;
  /** Whether it goes to all who look at the notebook, or to the one who asked. */
  toAll?: boolean;
}
