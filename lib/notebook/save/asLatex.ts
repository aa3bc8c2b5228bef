import type { TableText } from './tableText';

/** A table as LaTeX has it, ruled by the package booktabs; with a caption it floats. */
export function asLatex({ caption, columns, cells, numeric }: TableText): string {
  const line = (row: readonly (string | null)[]) =>
    `${row.map((cell) => escaped(cell ?? '')).join(' & ')} \\\\`;
  const tabular = [
    `\\begin{tabular}{${numeric.map((isNumeric) => (isNumeric ? 'r' : 'l')).join('')}}`,
    '\\toprule',
    line(columns),
    '\\midrule',
    ...cells.map(line),
    '\\bottomrule',
    '\\end{tabular}',
  ];
  const floating = [
    '\\begin{table}',
    '\\centering',
    `\\caption{${escaped(caption ?? '')}}`,
    ...tabular,
    '\\end{table}',
  ];
  return ['% \\usepackage{booktabs}', ...(caption ? floating : tabular), ''].join('\n');
}

/** What has a meaning for LaTeX, after \\ too, where [ and * begin an argument, and signs that its fonts lack. */
const SIGNS: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '[': '{[}',
  '*': '{*}',
  '−': '$-$',
  '×': '$\\times$',
  '·': '$\\cdot$',
  '±': '$\\pm$',
  '√': '$\\surd$',
  '∞': '$\\infty$',
  '∂': '$\\partial$',
  '∇': '$\\nabla$',
  '≤': '$\\leq$',
  '≥': '$\\geq$',
  '≠': '$\\neq$',
  '≈': '$\\approx$',
  '→': '$\\to$',
  '…': '\\ldots{}',
};

const GREEK: Readonly<Record<string, string>> = {
  Γ: 'Gamma',
  Δ: 'Delta',
  Θ: 'Theta',
  Λ: 'Lambda',
  Ξ: 'Xi',
  Π: 'Pi',
  Σ: 'Sigma',
  Φ: 'Phi',
  Ψ: 'Psi',
  Ω: 'Omega',
  α: 'alpha',
  β: 'beta',
  γ: 'gamma',
  δ: 'delta',
  ε: 'varepsilon',
  ζ: 'zeta',
  η: 'eta',
  θ: 'theta',
  κ: 'kappa',
  λ: 'lambda',
  μ: 'mu',
  ν: 'nu',
  ξ: 'xi',
  π: 'pi',
  ρ: 'rho',
  σ: 'sigma',
  τ: 'tau',
  φ: 'varphi',
  χ: 'chi',
  ψ: 'psi',
  ω: 'omega',
};

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const LOWERED = '₀₁₂₃₄₅₆₇₈₉';

function escaped(text: string): string {
  const power = /^(−?[\d.]+)e(-?\d+)$/.exec(text);
  if (power) return `$${power[1].replace('−', '-')} \\times 10^{${power[2]}}$`;
  const signs = Array.from(text.replace(/\s+/g, ' '), sign).join('');
  return signs.replace(/-(?=-)/g, '-{}'); // two would become a dash
}

function sign(character: string): string {
  if (/[&%$#_{}]/.test(character)) return `\\${character}`;
  if (Object.hasOwn(SIGNS, character)) return SIGNS[character];
  if (Object.hasOwn(GREEK, character)) return `$\\${GREEK[character]}$`;
  if (RAISED.includes(character)) return `$^{${RAISED.indexOf(character)}}$`;
  if (LOWERED.includes(character)) return `$_{${LOWERED.indexOf(character)}}$`;
  return character;
}
