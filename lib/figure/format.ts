/** A number in a hover label or on an axis: four significant digits, an exponent where it is very large or small. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-4)) {
    const [mantissa, exponent] = value.toExponential(2).split('e');
    return `${Number(mantissa)}e${exponent.replace('+', '')}`;
  }
  if (Number.isInteger(value)) return value.toLocaleString('en');
  return String(Number(value.toPrecision(4)));
}

/** A density with its compression: `0.01 (100×)`. */
export function densityText(density: number): string {
  return density > 0 ? `${short(density)} (${compressionText(density)})` : '0 (nothing kept)';
}

/** The compression of a density: `100×`. */
export function compressionText(density: number): string {
  return `${short(Number((1 / density).toPrecision(3)))}×`;
}

/** A parameter's layer as it is written on an axis: without the part that is the same for all. */
export function layerText(name: string): string {
  return name.replace(/\/(kernel|weight)$/, '');
}

/** 10^exponent as Plotly writes it. */
export function powerOfTen(exponent: number): string {
  return `10<sup>${String(exponent).replace('-', '−')}</sup>`;
}

/** The same of an exponent that is no whole number, to two places. */
export function powerText(exponent: number): string {
  return powerOfTen(Number(exponent.toFixed(2)));
}
