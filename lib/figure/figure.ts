/** One coordinate: a number or a category; null leaves a gap. */
export type Coordinate = number | string | null;

export interface Line {
  color?: string;
  width?: number;
  dash?: 'solid' | 'dash' | 'dot' | 'dashdot';
}

export interface Marker {
  color?: string | readonly string[] | readonly number[];
  size?: number | readonly number[];
  symbol?: string | readonly string[];
  opacity?: number;
  line?: Line;
  /** A key of colours beside the plot, for colours that stand for numbers. */
  showscale?: boolean;
  colorscale?: ColorScale;
  cmin?: number;
  cmax?: number;
  colorbar?: ColorBar;
}

export interface ColorBar {
  title: { text: string; side?: 'right' | 'top' };
  thickness: number;
  outlinewidth: number;
  tickvals?: readonly number[];
  ticktext?: readonly string[];
  /** Where it stands, as a part of the plot's height from below, and from its left edge. */
  len?: number;
  y?: number;
  x?: number;
}

/** Stops from 0 to 1 with their colours. */
export type ColorScale = readonly (readonly [stop: number, color: string])[];

export interface SeriesOf<Type extends string> {
  type: Type;
  name: string;
  x: readonly Coordinate[];
  y: readonly Coordinate[];
  /** The whole text of each hover label; no template, so that nothing can be missing from it. */
  hovertext: readonly string[] | readonly (readonly string[])[];
  /** `skip` for a band, whose numbers its line says; `x+y+z` where there are too many texts to write. */
  hoverinfo: 'text' | 'skip' | 'x+y+z';
  showlegend?: boolean;
  legendgroup?: string;
  /** False for what another choice of a menu shows; true by default. */
  visible?: boolean;
}

export interface ScatterSeries extends SeriesOf<'scatter' | 'scattergl'> {
  mode: 'lines' | 'markers' | 'lines+markers' | 'markers+text' | 'text';
  /** Where there are several columns, which of their axes; the first by default. */
  xaxis?: `x${number}`;
  line?: Line;
  marker?: Marker;
  /** Written at the points. */
  text?: readonly string[];
  textposition?: 'middle center' | 'top center';
  textfont?: { size: number; color?: string };
  connectgaps?: boolean;
  /** The area within the line. */
  fill?: 'toself';
  fillcolor?: string;
  /** Marks over points of another line whose means rest on fewer runs. */
  meta?: 'hollow';
}

export interface BarSeries extends SeriesOf<'bar'> {
  orientation?: 'v' | 'h';
  /** Where each bar begins; at 0 where absent. */
  base?: readonly number[];
  /** Of a bar, along the other axis. */
  width?: number;
  marker?: Marker;
  text?: readonly string[];
  textposition?: 'auto' | 'outside' | 'inside';
  insidetextanchor?: 'start' | 'middle' | 'end';
  cliponaxis?: boolean;
}

export interface HeatMapSeries extends SeriesOf<'heatmap'> {
  /** [rows][columns] */
  z: readonly (readonly (number | null)[])[];
  zmin: number;
  zmax: number;
  colorscale: ColorScale;
  colorbar: ColorBar;
  xgap?: number;
  ygap?: number;
  /** Written into the squares. */
  text?: readonly (readonly string[])[];
  texttemplate?: '%{text}';
  textfont?: { size: number };
}

/** A picture, a pixel a unit of the axes from the upper left on. */
export interface ImageSeries extends SeriesOf<'image'> {
  /** A data address. */
  source: string;
  /** Pixels keep their edges. */
  zsmooth: false;
}

export type Series = ScatterSeries | BarSeries | HeatMapSeries | ImageSeries;

export interface Axis {
  title?: { text: string; standoff?: number };
  type?: 'linear' | 'log' | 'category';
  tickvals?: readonly Coordinate[];
  ticktext?: readonly string[];
  tickangle?: number;
  /** How many ticks at most. */
  nticks?: number;
  tickfont?: { size: number };
  tickformat?: string;
  exponentformat?: 'power' | 'none';
  dtick?: number | string;
  range?: readonly [number, number];
  rangemode?: 'normal' | 'tozero';
  /** Which part of the plot's width it takes, from 0 to 1; all by default. */
  domain?: readonly [number, number];
  autorange?: boolean | 'reversed';
  automargin?: boolean;
  gridcolor?: string;
  showgrid?: boolean;
  linecolor?: string;
  showline?: boolean;
  ticks?: 'outside' | '';
  zeroline?: boolean;
  categoryorder?: 'array';
  categoryarray?: readonly string[];
  scaleanchor?: 'x' | 'y';
  constrain?: 'domain';
}

export interface Annotation {
  text: string;
  x: number;
  y: number;
  xref: 'paper';
  yref: 'paper';
  xanchor: 'left' | 'right';
  yanchor: 'top' | 'bottom';
  showarrow: false;
}

/** A menu of figures, as `dropdown` makes it. */
export interface Menu {
  type: 'dropdown';
  active: number;
  x: number;
  xanchor: 'left';
  y: number;
  yanchor: 'bottom';
  pad: { b: number };
  bgcolor: string;
  bordercolor: string;
  font: { size: number; color: string };
  buttons: readonly {
    label: string;
    method: 'update';
    /** Which series are shown, and what changes in the layout. */
    args: readonly [{ visible: readonly boolean[] }, Readonly<Record<string, unknown>>];
  }[];
}

export interface Layout {
  title: {
    text: string;
    x: number;
    xanchor: 'left';
    xref: 'paper';
    font: { size: number };
    y: number;
    yref: 'container';
    yanchor: 'top';
    pad: { t: number };
  };
  font: { family: string; size: number; color: string };
  height: number;
  width?: number;
  margin: { l: number; r: number; t: number; b: number };
  paper_bgcolor: string;
  plot_bgcolor: string;
  hovermode: 'closest';
  hoverlabel: { align: 'left'; bgcolor: string; font: { size: number; color: string } };
  legend: { title: { text: string }; tracegroupgap: number };
  showlegend: boolean;
  barmode?: 'group' | 'stack' | 'overlay';
  xaxis: Axis;
  yaxis: Axis;
  /** Of the further columns: `xaxis2` and so on. */
  [columns: `xaxis${number}`]: Axis;
  annotations?: readonly Annotation[];
  updatemenus?: readonly Menu[];
}

/** A Plotly figure as data: `show` draws it, `Plotly.newPlot(element, data, layout)` does elsewhere. */
export interface Figure {
  data: Series[];
  layout: Layout;
}
