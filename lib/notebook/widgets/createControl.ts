import { randomUUID } from 'node:crypto';
import { escapeHtml } from '../escapeHtml';
import { type Bundle, type Display, openDisplay } from '../publish';
import { type Control, type Listener, WIDGET } from './control';
import { inTurn } from './inTurn';
import { type HandlerFailure, type WidgetHost, type WidgetMessage, widgetHost } from './widgetHost';

/** A control as Jupyter's widget protocol has it, and as it looks where there is no kernel. */
export interface ControlSpec<Value> {
  /** Its model and its view, less these words: `FloatSlider`. */
  kind: string;
  /** The model of its style, less this word: `SliderStyle`. */
  style: string;
  /** Its width, as CSS has it. */
  width: string;
  description: string;
  /** Fields of its model at the start. */
  state: object;
  value: Value;
  /** The value after a message of the front end; undefined where it stays as it is. */
  read(message: WidgetMessage, value: Value): Value | undefined;
  /** Whether every change is handled; otherwise, of those that come too fast, the last. */
  each?: boolean;
  text(value: Value): string;
  /** A picture of it, as HTML; its text by default. */
  html?(value: Value): string;
}

export const VIEW = 'application/vnd.jupyter.widget-view+json';

const place = (model_id: string) => ({ version_major: 2, version_minor: 0, model_id });

/** Jupyter shows nothing for it, viewers that know no widgets what is beside it. */
const NO_VIEW = place('');

export function createControl<Value>(spec: ControlSpec<Value>): Control<Value> {
  const { description, text, html = (value) => escapeHtml(text(value)), each = false } = spec;
  const id = randomUUID();
  let { value } = spec;
  let home: WidgetHost | undefined;
  let picture: Display | undefined;
  let listeners: { by?: WidgetHost; hear(value: Value): void }[] = [];

  const still = (): Bundle => ({
    'text/html': `<div>${escapeHtml(description)} ${html(value)}</div>`,
    'text/plain': `${description}${description && ': '}${text(value)}`,
  });
  const drawPicture = inTurn({
    run: async (work) => {
      work();
      return true;
    },
    // A view that is drawn again is a new one, which the hand that moves it has lost: the picture is an output of its own.
    handle: () => picture?.draw({ [VIEW]: NO_VIEW, ...still() }),
    each: false,
  });

  function receive(message: WidgetMessage): void {
    const next = spec.read(message, value);
    if (next === undefined) return;
    value = next;
    drawPicture(undefined);
    for (const { hear } of listeners) hear(value);
  }

  function listen({ handle, fail }: Listener<Value>): void {
    const by = widgetHost();
    const earlier = (one?: WidgetHost) => one !== by && one?.cell !== undefined && one.cell === by?.cell;
    // A cell that is run again listens in the place of what it was.
    listeners = listeners.filter((one) => !earlier(one.by));
    let last: string | undefined;
    const hear = inTurn<Value>({
      each,
      handle,
      async run(work) {
        const host = (fail ? by : home) ?? by;
        const failure = await host?.run(work, (failed) => {
          // A hand that drags on hears of the same mistake once.
          if (wordsOf(failed) !== last) (fail ?? host.fail)(failed);
        });
        const isStopped = failure?.ename === 'Interrupted';
        last = failure && !isStopped ? wordsOf(failure) : undefined;
        return !isStopped;
      },
    });
    listeners.push({ by, hear });
  }

  function open(host: WidgetHost): void {
    const parts = {
      layout: { ...model('@jupyter-widgets/base', 'Layout'), width: spec.width, max_width: '100%' },
      style: { ...model(CONTROLS, spec.style), description_width: 'initial' },
    };
    for (const [name, state] of Object.entries(parts)) host.open(`${id}-${name}`, state, () => {});
    const references = Object.keys(parts).map((name) => [name, `IPY_MODEL_${id}-${name}`]);
    const state = { ...spec.state, description, ...Object.fromEntries(references) };
    host.open(id, { ...model(CONTROLS, spec.kind), ...view(spec.kind), ...state }, receive);
  }

  function show(): Bundle {
    const host = widgetHost();
    if (!host) return still();
    if (!home) open(host);
    home = host;
    picture = openDisplay(host.publish);
    picture?.draw({ [VIEW]: NO_VIEW, ...still() });
    return { [VIEW]: place(id), 'text/plain': '' };
  }

  return {
    get value() {
      return value;
    },
    [WIDGET]: { show, listen },
  };
}

const CONTROLS = '@jupyter-widgets/controls';
const VERSION = '2.0.0';

const model = (_model_module: string, kind: string) => ({
  _model_module,
  _model_module_version: VERSION,
  _model_name: `${kind}Model`,
});

const view = (kind: string) => ({
  _view_module: CONTROLS,
  _view_module_version: VERSION,
  _view_name: `${kind}View`,
});

const wordsOf = ({ traceback }: HandlerFailure) => traceback.join('\n');
