/** The part of a ZeroMQ socket that matters here. */
export interface Sender {
  send(frames: Frames): Promise<void>;
}

/** The parts of a message. */
export type Frames = (string | Buffer)[];

/** The same socket with another `send`. A native socket is sealed, and its methods insist on it as `this`. */
export function withSend<S extends object>(socket: S, send: Sender['send']): S {
  return new Proxy(socket, {
    get(target, name) {
      if (name === 'send') return send;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  });
}
