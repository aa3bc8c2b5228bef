// A script for a page with Plotly.js, as a browser reads it.

/**
 * A figure as SVG, and its height as a part of its width.
 *
 * @param request `data` and `layout`, the place of its `heading` among the annotations, `aspect`, the height of the plot as a part of its width, from which the `height` of the
 *   whole follows where absent, up to `highest`; in pixels
 */
globalThis.plotSvg = async (request) => {
  /** Beyond so many squares a heat map stays a picture. */
  const MOST_SQUARES = 25_000;

  const { Plotly } = globalThis;
  const { data, layout, aspect, heading, highest } = request;
  const { width } = layout;
  const plot = document.createElement('div');
  document.body.append(plot);
  let height = request.height ?? Math.min(highest, Math.round(aspect * width));
  await Plotly.newPlot(plot, data, { ...layout, height }, { staticPlot: true });
  // Margins follow the height, if texts of an axis come or go: later steps are half as long, so that they do not swing.
  for (let round = 0; round < 6 && request.height === undefined; round++) {
    const { w, h } = plot._fullLayout._size; // what margins, titles and legend leave
    const step = (aspect * w - h) * (round < 2 ? 1 : 0.5);
    if (Math.abs(step) < 1) break;
    height = Math.min(highest, Math.max(60, Math.round(height + step)));
    await Plotly.relayout(plot, { height });
  }
  // A heading too long to begin where the plot does begins to the left of it.
  const found = plot.querySelector(`.annotation[data-index="${heading}"]`)?.getBoundingClientRect();
  const excess = found ? found.right - plot.getBoundingClientRect().left - width + 4 : 0;
  if (excess > 0) {
    const shift = -Math.min(excess, plot._fullLayout._size.l - 8);
    await Plotly.relayout(plot, { [`annotations[${heading}].xshift`]: shift });
  }
  const url = await Plotly.toImage(plot, { format: 'svg', width, height });
  const svg = new DOMParser().parseFromString(
    decodeURIComponent(url.slice(url.indexOf(',') + 1)),
    'image/svg+xml',
  );
  const maps = plot.calcdata.filter(([{ trace }]) => trace.type === 'heatmap' && trace.visible === true);
  const images = [...svg.querySelectorAll('.heatmaplayer image')];
  if (images.length === maps.length) for (const [i, [map]] of maps.entries()) inSquares(map, images[i]);
  return { svg: new XMLSerializer().serializeToString(svg), ratio: height / width };

  /** Puts squares in the place of the picture of a heat map. */
  function inSquares({ trace, x, y, z }, image) {
    if (trace.zsmooth || z.length * z[0].length > MOST_SQUARES) return;
    const [across, along] = [trace.xaxis, trace.yaxis].map(
      (name) => plot._fullLayout[name.replace(/^([xy])/, '$1axis')],
    );
    const group = svg.createElementNS(image.namespaceURI, 'g');
    group.setAttribute('shape-rendering', 'crispEdges');
    for (const [i, row] of z.entries())
      for (const [j, value] of row.entries()) {
        if (value === null || value === undefined || Number.isNaN(value)) continue;
        const [left, right] = [x[j], x[j + 1]].map((at) => across.c2p(at)).sort((a, b) => a - b);
        const [top, bottom] = [y[i], y[i + 1]].map((at) => along.c2p(at)).sort((a, b) => a - b);
        const square = svg.createElementNS(image.namespaceURI, 'rect');
        const place = {
          x: left + trace.xgap / 2,
          y: top + trace.ygap / 2,
          width: right - left - trace.xgap,
          height: bottom - top - trace.ygap,
        };
        for (const [name, number] of Object.entries(place)) square.setAttribute(name, number.toFixed(2));
        square.setAttribute('fill', colorOf(trace, value));
        group.append(square);
      }
    image.replaceWith(group);
  }

  /** Between two colours of its scale. */
  function colorOf({ colorscale, zmin, zmax }, value) {
    const at = zmax > zmin ? Math.min(1, Math.max(0, (value - zmin) / (zmax - zmin))) : 0;
    const next = Math.max(
      1,
      colorscale.findIndex(([stop]) => stop >= at),
    );
    const [[low, from], [high, to]] = [colorscale[next - 1], colorscale[next]];
    const part = high > low ? (at - low) / (high - low) : 0;
    const [a, b] = [from, to].map(channelsOf);
    return `rgb(${a.map((channel, k) => Math.round(channel + part * (b[k] - channel))).join(', ')})`;
  }

  /** A colour in any of CSS's forms as red, green and blue. */
  function channelsOf(color) {
    const { fillStyle } = Object.assign(document.createElement('canvas').getContext('2d'), {
      fillStyle: color,
    });
    const hex = /^#(..)(..)(..)$/.exec(fillStyle);
    if (hex) return hex.slice(1).map((part) => Number.parseInt(part, 16));
    return fillStyle
      .match(/[\d.]+/g)
      .slice(0, 3)
      .map(Number);
  }
};
