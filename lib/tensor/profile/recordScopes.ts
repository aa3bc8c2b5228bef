import { replace } from '../compiled/replace';
import { tf } from '../engine';
import type { NativeBackend } from '../native';
import { mapRecord } from '../records';
import { multiplicationsOf } from './multiplicationsOf';
import { noteFunction } from './recordTime';
import { currentScope, inPhase, numberOf, type OpScope } from './scope';

type Binding = NativeBackend['binding'];
type Shape = readonly number[];

/** A binding that puts into the name of each recorded op what it belongs to, and counts multiplications. */
export function recordScopes(binding: Binding): { binding: Binding; onFunction: (name: string) => void } {
  const shapes = new Map<number, Shape>();
  const carried = new Map<number, number | undefined>(); // multiplications of a product that what follows may be fused with
  let total = 0;
  const begin = (): OpScope => {
    const scope = { ...currentScope() };
    binding.graphScope(numberOf(scope));
    return scope;
  };

  const graphOp: Binding['graphOp'] = (op, attributes, ids, count) => {
    const scope: OpScope = begin();
    const outputs = binding.graphOp(op, attributes, ids, count);
    for (const { id, shape } of outputs) shapes.set(id, shape);
    const inputs = ids.map((id) => shapes.get(id) ?? []);
    const own = outputs.length > 0 ? multiplicationsOf(op, inputs, outputs[0].shape) : undefined;
    total += own ?? 0;
    scope.multiplications = own ?? carried.get(ids[0]);
    for (const { id } of outputs) carried.set(id, scope.multiplications);
    return outputs;
  };
  const graphConstant: Binding['graphConstant'] = (shape, type, values) => {
    begin();
    return binding.graphConstant(shape, type, values);
  };
  const graphInput: Binding['graphInput'] = (type, shape) => {
    const input = binding.graphInput(type, shape);
    shapes.set(input.id, input.shape);
    return input;
  };
  const graphShape: Binding['graphShape'] = (id, shape) => {
    shapes.set(id, shape);
    return binding.graphShape(id, shape);
  };

  const recording = Object.create(binding) as Binding;
  for (const [name, value] of Object.entries({ graphOp, graphConstant, graphInput, graphShape }))
    Object.defineProperty(recording, name, { value });
  return { binding: recording, onFunction: (name) => noteFunction(name, total) };
}

/** What the tape keeps of an op: gradients by the name of what it read, each computed when it is asked for. */
interface Taped {
  gradient?: (dys: tf.Tensor[]) => Record<string, () => tf.Tensor>;
}

/** Lets what the tape computes for an op belong to that op's part of the network; returns what ends it. */
export function scopeGradients(): () => void {
  const engine = tf.engine() as unknown as {
    addTapeNode(...of: unknown[]): void;
    state: { activeTape: Taped[] };
  };
  return replace(engine, 'addTapeNode', (...of: unknown[]) => {
    Object.getPrototypeOf(engine).addTapeNode.apply(engine, of);
    const taped = engine.state.activeTape[engine.state.activeTape.length - 1];
    const { gradient } = taped;
    const { part } = currentScope();
    if (!gradient) return;
    const back = <T>(f: () => T) => inPhase('backward', f, part);
    taped.gradient = (dys) =>
      mapRecord(
        back(() => gradient(dys)),
        (one) => () => back(one),
      );
  });
}
