import { max, range, sum } from 'd3-array';
import { checkNames, invalid } from '../../base';
import { type Mask, type Network, opOf, type Params } from '../../network';
import type { tf } from '../../tensor';
import { dropdown } from '../dropdown';
import type { Axis, Figure, ScatterSeries } from '../figure';
import { short } from '../format';
import { partNames } from '../partNames';
import { compose } from '../theme';
import type { GraphLine } from './graphLines';
import type { Column } from './graphUnits';
import { type ListedPath, listedPaths } from './listedPaths';
import { type Places, placeUnits } from './placeUnits';
import { type Graph, type GraphState, readGraph, type Through } from './readGraph';

export interface NetworkGraphOptions {
  /** Weights that are kept are lines, those cut faint ones; all are kept by default. */
  mask?: Mask;
  /** Inputs, `[n, ...network.input]`: the paths that each opens light up, and a menu chooses between them. */
  inputs?: tf.Tensor;
  /** One for each input; `input 1` and so on by default. */
  names?: readonly string[];
  /** So many units of a layer are drawn at most, those that most paths go through; 12 by default. */
  most?: number;
  /** The name of the network by default. */
  title?: string;
}

/** A figure of more lines than this would take long to draw. */
const MOST_LINES = 20_000;
/** Beyond so many units above each other numbers would not be legible. */
const MOST_NUMBERED = 14;
const WIDTHS = [0.8, 1.6, 2.6, 4, 6];
const COLORS = { above: '#0072b2', below: '#d55e00', sum: '#666666', cut: '#d0d0d0', closed: '#dcdcdc' };

/**
 * A network as a graph: units as nodes, in a column for each layer, and what leads from one to the next as lines, blue for weights
 * above 0 and orange below, the wider the larger |θ| is. A channel of a convolution is one unit, its kernel from one channel to the
 * next one line, as wide as its largest weight, of the sign of its sum; terms of a sum, such as shortcuts, are grey lines.
 *
 * Hovering tells the weights of a line, what a unit comes to for an input, and the paths through both: how many, and the sum of their
 * values v_p, fixed factors of pools and batch norms included; one by one where the network has no more than 64, by their number in
 * `enumeratePaths`. With a mask units are hollow that no path goes through. With inputs those lines keep their colour that an open
 * path goes along, and values are a_p(x) v_p x.
 *
 * @param params those the mask was made for, not masked themselves
 * @throws `invalid …` for parameters, a mask or inputs of another network; `invalid network; …` for one of more than 100,000,000
 *   connections, or of which more than 20,000 lines would be drawn; `invalid most; …`, `invalid names; …`
 */
export function networkGraph(network: Network, params: Params, options: NetworkGraphOptions = {}): Figure {
  checkNames('networkGraph', options, { mask: 1, inputs: 1, names: 1, most: 1, title: 1 });
  const { mask, inputs: x, most = 12, title = network.name } = options;
  if (!(Number.isInteger(most) && most >= 1)) throw invalid('most', 'not a whole number from 1', most);
  const graph = readGraph(network, params, { mask, x, most });
  const names = partNames('names', options.names, x?.shape[0] ?? 0, 'input ');
  const labels = names.map((name) => (/^\d+$/.test(name) ? `input ${name}` : name)); // a record would put bare numbers first
  const drawn = graph.lines.length * graph.states.length;
  if (drawn > MOST_LINES)
    throw invalid(
      'network',
      `would have more than ${MOST_LINES.toLocaleString('en')} lines drawn, lower most`,
      drawn,
    );
  const places = placeUnits(network, graph, graph.shown);
  const listed = listedPaths(network, params, graph, { mask, x });
  const pictures = graph.states.map((state, i) =>
    picture({
      network,
      graph,
      state,
      places,
      mask,
      listed: listed?.[i],
      of: i === 0 ? undefined : labels[i - 1],
      title,
    }),
  );
  return dropdown(Object.fromEntries(pictures.map((one, i) => [i === 0 ? 'all paths' : labels[i - 1], one])));
}

interface Picture {
  network: Network;
  graph: Graph;
  state: GraphState;
  places: Places;
  mask?: Mask;
  listed?: readonly ListedPath[];
  /** The input. */
  of?: string;
  title: string;
}

function picture(drawing: Picture): Figure {
  const { graph, state, places, mask, of, title } = drawing;
  const kept = mask && `${short(sum(Object.values(mask), (bits) => sum(bits.dataSync())))} weights kept`;
  const paths = `${short(state.total.count)} ${of === undefined ? '' : 'open '}path${state.total.count === 1 ? '' : 's'}`;
  const isPart = graph.columns.some((column) => shownOf(graph, column).length < column.size);
  const notes = [of, kept, paths, isPart && 'k of n: units that most paths go through'];
  return compose([...drawLines(drawing), ...drawUnits(drawing)], {
    title,
    notes,
    x: layerAxis(graph, places),
    y: {
      type: 'linear',
      tickvals: [],
      showgrid: false,
      showline: false,
      ticks: '',
      range: [-places.height / 2 - 0.3, places.height / 2 + 0.3],
    },
    legend: '',
    height: Math.min(760, Math.max(340, 150 + 46 * places.height)),
  });
}

function layerAxis(graph: Graph, { depthOf }: Places): Axis {
  const depths = [...new Set(depthOf.values())].sort((a, b) => a - b);
  const parts = depths.map((depth) =>
    graph.columns
      .filter(({ id }) => depthOf.get(id) === depth)
      .map((column) => {
        const shown = shownOf(graph, column).length;
        return [column.id, ...(shown < column.size ? [`${shown} of ${short(column.size)}`] : [])];
      }),
  );
  const isSlanted = sum(parts, (columns) => max(columns.flat(), (line) => line.length + 2) ?? 0) > 90;
  return {
    type: 'linear',
    tickvals: depths,
    ticktext: parts.map((columns) =>
      isSlanted ? columns.map((lines) => lines.join(', ')).join(' + ') : columns.flat().join('<br>'),
    ),
    tickangle: isSlanted ? -50 : 0,
    ...(depths.length > 12 ? { tickfont: { size: 10 } } : {}),
    range: [-0.3, depths[depths.length - 1] + 0.3],
    showgrid: false,
    showline: false,
    ticks: '',
  };
}

/** Lines of one look are one series; markers that are not seen carry what hovering tells. */
function drawLines(drawing: Picture): ScatterSeries[] {
  const { graph, state, of } = drawing;
  const largest = max(graph.lines, (line) => strength(drawing, line)) || 1;
  const looks = new Map<string, { name: string; color: string; width: number; lines: number[] }>();
  graph.lines.forEach((line, i) => {
    const kind = kindOf(drawing, line);
    const isLit = kind === 'cut' || of === undefined || state.lines[i].count > 0;
    const place = Math.min(
      WIDTHS.length - 1,
      Math.floor((WIDTHS.length * strength(drawing, line)) / largest),
    );
    const width = kind === 'cut' ? 0.7 : kind === 'sum' ? 1.6 : WIDTHS[place];
    const color = isLit ? COLORS[kind] : COLORS.closed;
    const name = isLit ? NAMES[kind] : 'on no open path';
    const key = `${name} ${width}`;
    if (!looks.has(key)) looks.set(key, { name, color, width, lines: [] });
    looks.get(key)?.lines.push(i);
  });
  const order = [NAMES.cut, 'on no open path', NAMES.sum, NAMES.below, NAMES.above];
  const sorted = [...looks.values()].sort(
    (a, b) => order.indexOf(a.name) - order.indexOf(b.name) || b.width - a.width,
  );
  const named = new Set<string>();
  return sorted.flatMap(({ name, color, width, lines }): ScatterSeries[] => {
    const points = lines.map((line) => curve(drawing.places, graph.lines[line]));
    const marks =
      name === NAMES.cut
        ? []
        : lines.flatMap((line, i) => [0.3, 0.7].map((part) => ({ line, ...along(points[i], part) })));
    const isFirst = !named.has(name);
    named.add(name);
    return [
      {
        ...{ type: 'scatter', mode: 'lines', name, legendgroup: name, showlegend: isFirst },
        x: points.flatMap((line) => [...line.map(({ x }) => x), null]),
        y: points.flatMap((line) => [...line.map(({ y }) => y), null]),
        ...{ hovertext: [], hoverinfo: 'skip', line: { color, width } },
      },
      {
        ...{ type: 'scatter', mode: 'markers', name, legendgroup: name, showlegend: false },
        x: marks.map(({ x }) => x),
        y: marks.map(({ y }) => y),
        hovertext: marks.map(({ line }) => lineText(drawing, line)),
        hoverinfo: 'text',
        marker: { size: 9, opacity: 0, color },
      },
    ];
  });
}

const NAMES = { above: 'weight above 0', below: 'weight below 0', sum: 'term of a sum', cut: 'cut weight' };

function keptOf({ network, graph, mask }: Picture, { node, weights }: GraphLine): number[] {
  const name = weightName(network, node);
  const bits = name === undefined ? undefined : mask?.[name]?.dataSync();
  const kept = bits ? weights.filter((index) => bits[index] !== 0) : weights;
  return kept.map((index) => graph.values[name as string][index]);
}

function weightName(network: Network, id: string): string | undefined {
  const node = network.nodes.find((one) => one.id === id);
  return node && opOf(node).weight?.(node);
}

function kindOf(drawing: Picture, line: GraphLine): keyof typeof NAMES {
  if (line.weights.length === 0) return 'sum';
  const kept = keptOf(drawing, line);
  if (kept.length === 0) return 'cut';
  return sum(kept) < 0 ? 'below' : 'above';
}

function strength(drawing: Picture, line: GraphLine): number {
  return max(keptOf(drawing, line), Math.abs) ?? 0;
}

/** Straight to the next layer; further on in an arc, which passes between the units on its way. */
function curve({ at }: Places, { from, to }: GraphLine): { x: number; y: number }[] {
  const [a, b] = [at.get(from), at.get(to)] as { x: number; y: number }[];
  if (b.x - a.x < 2) return [a, b];
  return range(0, 1.01, 0.1).map((t) => ({
    x: a.x + t * (b.x - a.x),
    y: a.y + t * (b.y - a.y) + 0.45 * Math.min(1, 4.4 * t * (1 - t)),
  }));
}

function along(points: readonly { x: number; y: number }[], part: number): { x: number; y: number } {
  const place = part * (points.length - 1);
  const [a, b] = [points[Math.floor(place)], points[Math.ceil(place)]];
  const rest = place - Math.floor(place);
  return { x: a.x + rest * (b.x - a.x), y: a.y + rest * (b.y - a.y) };
}

function drawUnits(drawing: Picture): ScatterSeries[] {
  const { graph, state, places, of } = drawing;
  const isNumbered = places.height <= MOST_NUMBERED;
  const shown = graph.columns.flatMap((column) => shownOf(graph, column).map((unit) => ({ column, unit })));
  const isReached = (unit: number) => graph.states[0].units[unit].count > 0;
  const kinds = [
    {
      name: 'unit without a path',
      fill: '#ffffff',
      edge: '#999999',
      text: '#777777',
      has: (unit: number) => !isReached(unit),
    },
    {
      name: 'closed unit',
      fill: '#e4e4e4',
      edge: '#c4c4c4',
      text: '#777777',
      has: (unit: number) => isReached(unit) && !state.isOpen[unit],
    },
    {
      name: of === undefined ? 'unit' : 'open unit',
      fill: '#333333',
      edge: '#333333',
      text: '#ffffff',
      has: (unit: number) => isReached(unit) && state.isOpen[unit],
    },
  ];
  return kinds.flatMap(({ name, fill, edge, text, has }): ScatterSeries[] => {
    const own = shown.filter(({ unit }) => has(unit));
    if (own.length === 0) return [];
    const at = own.map(({ unit }) => places.at.get(unit) as { x: number; y: number });
    return [
      {
        ...{ type: 'scatter', mode: isNumbered ? 'markers+text' : 'markers', name },
        x: at.map(({ x }) => x),
        y: at.map(({ y }) => y),
        hovertext: own.map(({ column, unit }) => unitText(drawing, column, unit)),
        hoverinfo: 'text',
        marker: { size: isNumbered ? 26 : 11, color: fill, line: { color: edge, width: 1.5 } },
        ...(isNumbered && {
          text: own.map(({ column, unit }) => String(unit - column.first + 1)),
          textposition: 'middle center' as const,
          textfont: { size: 11, color: text },
        }),
      },
    ];
  });
}

function shownOf({ shown }: Graph, column: Column): readonly number[] {
  return shown.get(column) ?? [];
}

function unitName({ graph }: Picture, unit: number): string {
  const column = graph.columns.find(({ first, size }) => first <= unit && unit < first + size) as Column;
  return `${column.id} ${unit - column.first + 1}`;
}

function lineText(drawing: Picture, place: number): string {
  const { graph, state, listed, network } = drawing;
  const line = graph.lines[place];
  const kept = keptOf(drawing, line);
  const name = weightName(network, line.node);
  const isPart = kept.length < line.weights.length;
  const several = `${short(kept.length)}${isPart ? ` of ${short(line.weights.length)}` : ''} weights, Σ θ = ${short(sum(kept))}, largest |θ| ${short(max(kept, Math.abs) ?? 0)}`;
  const weight = line.weights.length === 1 ? `θ = ${short(kept[0])}` : several;
  const paths = listed?.filter(({ weights }) =>
    line.weights.some((index) => weights.has(`${name} ${index}`)),
  );
  return [
    `<b>${unitName(drawing, line.from)} → ${unitName(drawing, line.to)}</b>`,
    line.weights.length === 0 ? 'adds as it is' : weight,
    ...pathsText(drawing, state.lines[place], line.weights.length === 0 ? undefined : paths),
  ].join('<br>');
}

function unitText(drawing: Picture, column: Column, unit: number): string {
  const { state, listed, network } = drawing;
  const values = Object.entries(state.activations[unit] ?? {}).map(([id, value]) => {
    const isMap =
      network.shapes[id].length > 1 || (column.nodes.length > 1 && network.shapes[id][0] > column.size);
    return `${id} ${isMap ? 'on average ' : ''}${short(value)}`;
  });
  const isWeighted =
    column.id === drawing.graph.columns[0].id || weightName(network, column.id) !== undefined;
  const paths = isWeighted ? listed?.filter(({ units }) => units.has(unit)) : undefined;
  return [
    `<b>${unitName(drawing, unit)}</b>`,
    ...values,
    ...pathsText(drawing, state.units[unit], paths),
  ].join('<br>');
}

/** How many of the paths through it are told one by one. */
const TOLD = 6;

function pathsText({ of }: Picture, { count, sum: total }: Through, paths?: readonly ListedPath[]): string[] {
  const [open, value] = of === undefined ? ['', 'Σ v'] : ['open ', 'Σ a v x'];
  if (count === 0) return [`no ${open}path`];
  const first = `${short(count)} ${open}path${count === 1 ? '' : 's'}, ${value} = ${short(total)}`;
  const told = [...(paths ?? [])].sort(
    (a, b) => Math.abs(b.value) - Math.abs(a.value) || a.number - b.number,
  );
  const lines = told.slice(0, TOLD).map((path) => `p${path.number}: ${short(path.value)}`);
  return [first, ...lines, ...(told.length > TOLD ? [`and ${told.length - TOLD} more`] : [])];
}
