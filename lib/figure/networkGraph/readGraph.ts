import { range, sum } from 'd3-array';
import { invalid, product } from '../../base';
import {
  applyMask,
  checkInput,
  checkMask,
  checkParams,
  forward,
  type Gates,
  type Mask,
  type Network,
  nodeShapes,
  opOf,
  type Params,
  type Values,
} from '../../network';
import { mapRecord, tf } from '../../tensor';
import { type GraphLine, type GraphLines, graphLines } from './graphLines';
import { type Column, type GraphUnits, graphUnits } from './graphUnits';
import { type Flow, type Followed, forEachStep, type PathFlows, pathFlows } from './pathFlows';

/** Paths through something: how many, and the sum of their values. */
export interface Through {
  count: number;
  sum: number;
}

/** What is read of a network for one picture: of all paths, or of those that an input opens. */
export interface GraphState {
  readonly total: Through;
  /** By unit, those not shown too. */
  readonly units: readonly Through[];
  /** By line. */
  readonly lines: readonly Through[];
  /** By unit: the values of the nodes that it is part of, means over the places of a map; none without an input. */
  readonly activations: readonly Readonly<Record<string, number>>[];
  /** By unit: whether each gate of it is open, at some place. */
  readonly isOpen: readonly boolean[];
}

export interface Graph extends GraphUnits {
  readonly values: Values;
  readonly lines: readonly GraphLine[];
  /** Units of each column that are shown. */
  readonly shown: ReadonlyMap<Column, readonly number[]>;
  /** That of all paths, then one for each input. */
  readonly states: readonly GraphState[];
}

/** Following more connections than this takes too long, some ten seconds. */
const MOST_STEPS = 100_000_000;

/**
 * @param x inputs `[n, ...network.input]`
 * @param most units of a column that are shown: those that most paths go through
 * @throws `invalid …` for parameters, a mask or inputs of another network, and `invalid network; …` for one too large to follow
 */
export function readGraph(
  network: Network,
  params: Params,
  { mask, x, most }: { mask?: Mask; x?: tf.Tensor; most: number },
): Graph {
  checkParams(network, params);
  if (mask) checkMask(network, mask);
  if (x) checkInput(network, x);
  const steps = stepsOf(network);
  if (!(steps <= MOST_STEPS)) {
    const limit = MOST_STEPS.toLocaleString('en');
    throw invalid('network', `${network.name} has more than ${limit} connections, too many to follow`, steps);
  }
  const values = mapRecord(params, (tensor) => tensor.dataSync());
  const units = graphUnits(network);
  const inputs = x ? readInputs(network, params, x, values, mask) : [];
  const all: Followed[] = [{ values, mask }, ...inputs];
  const flows = all.map((followed) => pathFlows(network, followed));
  const through = flows.map((flow) => throughUnits(units, flow));
  const shown = new Map(
    units.columns.map((column): [Column, number[]] => {
      const own = range(column.first, column.first + column.size);
      own.sort((a, b) => through[0][b].count - through[0][a].count);
      return [column, own.slice(0, most).sort((a, b) => a - b)];
    }),
  );
  const isShown = new Set([...shown.values()].flat());
  const found = graphLines(network, units, values, (unit) => isShown.has(unit));
  const states = all.map((followed, i): GraphState => {
    const ends = flows[i].before.get(network.nodes[network.nodes.length - 1].id) as Flow;
    return {
      total: { count: sum(ends.count), sum: sum(ends.sum) },
      units: through[i],
      lines: throughLines(network, followed, flows[i], found),
      activations: i === 0 ? [] : activationsOf(network, units, inputs[i - 1].read),
      isOpen: openUnits(units, followed.gates),
    };
  });
  return { ...units, values, lines: found.lines, shown, states };
}

/** Edges of the network, by how many lie on each entry of a kernel. */
function stepsOf(network: Network): number {
  const kernels = new Map(network.parameters.map(({ name, shape }) => [name, product(shape)]));
  return sum(network.nodes, (node) => {
    const uses = opOf(node).uses?.(node, nodeShapes(network, node)) ?? [];
    const weights = kernels.get(opOf(node).weight?.(node) ?? '') ?? 0;
    return uses.length === 0 ? 0 : (sum(uses) * weights) / uses.length;
  });
}

interface Read extends Followed {
  /** By id of a node, its values for this input. */
  readonly read: Readonly<Record<string, Float32Array>>;
}

/** What each input opens. */
function readInputs(network: Network, params: Params, x: tf.Tensor, values: Values, mask?: Mask): Read[] {
  const masked = mask ? applyMask(network, params, mask) : params;
  const read: Record<string, Float32Array> = {};
  const onValue = ({ id }: { id: string }, value: tf.Tensor) => {
    read[id] = value.dataSync() as Float32Array;
  };
  forward(network, masked, x, { onValue }).dispose();
  if (mask) tf.dispose(masked);
  return range(x.shape[0]).map((sample) => {
    const own = mapRecord(read, (of) => {
      const size = of.length / x.shape[0];
      return of.subarray(sample * size, (sample + 1) * size);
    });
    const gates = new Map(
      network.nodes.flatMap((node): [string, Gates][] => {
        const gate = opOf(node).gate?.(node, nodeShapes(network, node), own[node.inputs[0]], values);
        return gate ? [[node.id, gate]] : [];
      }),
    );
    return { values, mask, gates, x: own[network.nodes[0].id], read: own };
  });
}

/** Every path through a unit goes once through the value that it begins at. */
function throughUnits({ columns }: GraphUnits, { before, behind }: PathFlows): Through[] {
  return columns.flatMap(({ id, size }) => {
    const [up, on] = [before.get(id), behind.get(id)] as Flow[];
    const own = Array.from({ length: size }, (): Through => ({ count: 0, sum: 0 }));
    up.count.forEach((count, place) => {
      own[place % size].count += count * on.count[place];
      own[place % size].sum += up.sum[place] * on.sum[place];
    });
    return own;
  });
}

function throughLines(
  network: Network,
  followed: Followed,
  { before, behind }: PathFlows,
  { lines, lineOf }: GraphLines,
): Through[] {
  const own = lines.map((): Through => ({ count: 0, sum: 0 }));
  for (const [id, placeOf] of lineOf) {
    const node = network.nodes.find((one) => one.id === id) as Network['nodes'][number];
    const up = node.inputs.map((input) => before.get(input) as Flow);
    const on = behind.get(id) as Flow;
    forEachStep(network, node, followed, (place, from, to, _, factor) => {
      const line = own[placeOf(place, from, to) ?? -1];
      if (line === undefined) return;
      line.count += up[place].count[from] * on.count[to];
      line.sum += up[place].sum[from] * factor * on.sum[to];
    });
  }
  return own;
}

function activationsOf(
  network: Network,
  { columns, unitOf }: GraphUnits,
  read: Read['read'],
): Record<string, number>[] {
  const found = columns.flatMap(({ size }) =>
    Array.from({ length: size }, (): Record<string, number> => ({})),
  );
  for (const { id } of network.nodes) {
    const units = unitOf.get(id);
    const totals = new Map<number, { count: number; sum: number }>();
    if (units === undefined) continue;
    read[id].forEach((value, place) => {
      const unit = units[place % units.length];
      const { count, sum } = totals.get(unit) ?? { count: 0, sum: 0 };
      totals.set(unit, { count: count + 1, sum: sum + value });
    });
    totals.delete(-1);
    for (const [unit, { count, sum }] of totals) found[unit][id] = sum / count;
  }
  return found;
}

function openUnits({ columns, unitOf }: GraphUnits, gates: Followed['gates']): boolean[] {
  const open = columns.flatMap(({ size }) => Array.from({ length: size }, () => true));
  for (const [id, { from }] of gates ?? []) {
    const units = unitOf.get(id) as Int32Array;
    const some = new Set<number>();
    from.forEach((source, place) => {
      if (source >= 0) some.add(units[place % units.length]);
    });
    for (const unit of new Set(units)) if (unit >= 0 && !some.has(unit)) open[unit] = false;
  }
  return open;
}
