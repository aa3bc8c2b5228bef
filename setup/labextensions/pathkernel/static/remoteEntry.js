// What JupyterLab loads of an extension: a container whose module ./style puts a style sheet into the page.
(() => {
  // Figures are drawn on white, and their stored pictures are. In a dark theme their lightness is turned round, hues stay.
  const css = `
    [data-jp-theme-light='false'] .jp-RenderedPlotly,
    [data-jp-theme-light='false'] .jp-RenderedHTMLCommon svg[role='img'] {
      filter: invert(0.93) hue-rotate(180deg);
    }`;
  function addStyle() {
    document.head.appendChild(document.createElement('style')).textContent = css;
    return {};
  }
  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB.pathkernel = { init() {}, get: async () => addStyle };
})();
