import type { WidgetMessage } from '../widgets/widgetHost';
import type { Answer } from './answer';
import type { Request } from './request';

/** The widgets of this kernel: what Jupyter's protocol calls comms. */
export interface Comms {
  /**
   * Notes a model that a cell makes.
   *
   * @returns the content of the message that makes it in the front ends
   */
  open(id: string, state: State, receive: (message: WidgetMessage) => void): object;
  /** The models there are, for a front end that comes later or again. */
  list(): Record<string, { target_name: string }>;
  /** Takes a message of the front end; what is said of models that are not, or no more, is passed over. */
  answer(request: Request): Answer | undefined;
}

type State = Record<string, unknown>;

const TARGET = 'jupyter.widget';

export function createComms(): Comms {
  const models = new Map<string, { state: State; receive: (message: WidgetMessage) => void }>();

  function take(id: string, message: WidgetMessage): Answer | undefined {
    const model = models.get(id);
    if (!model) return undefined;
    const { method, state = {} } = message;
    if (method === 'request_state') return toModel(id, 'update', model.state);
    Object.assign(model.state, state);
    model.receive(message);
    // The other front ends of the notebook learn of it from the kernel.
    return method === 'update' ? toModel(id, 'echo_update', state) : undefined;
  }

  return {
    open(id, state, receive) {
      models.set(id, { state: { ...state }, receive });
      return { comm_id: id, target_name: TARGET, data: { state, buffer_paths: [] } };
    },
    list: () => Object.fromEntries([...models.keys()].map((id) => [id, { target_name: TARGET }])),
    answer({ type, content }) {
      const id = String(content.comm_id);
      // All widgets are made by cells; a front end that asks for more than their states is told that it is not there.
      if (type === 'comm_open')
        return { type: 'comm_close', content: { comm_id: id, data: {} }, toAll: true };
      if (type === 'comm_close') models.delete(id);
      return type === 'comm_msg' ? take(id, (content.data ?? {}) as WidgetMessage) : undefined;
    },
  };
}

function toModel(id: string, method: string, state: State): Answer {
  return {
    type: 'comm_msg',
    content: { comm_id: id, data: { method, state, buffer_paths: [] } },
    toAll: true,
  };
}
