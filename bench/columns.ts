import { max } from 'd3-array';
import type { ResultRow, SideResult } from './results';
import { isSteady, spread } from './spread';

/** The cells of a row, by column; of the same columns for all rows, empty where there is nothing to say. */
export function columns({ title, sides, bound, shareOfPeak }: ResultRow): Record<string, string> {
  const { pathkernel, PyTorch, 'torch.compile': compiled } = sides;
  return {
    case: title,
    'pathkernel, s': seconds(pathkernel),
    'PyTorch, s': seconds(PyTorch),
    ratio: ratioCell(pathkernel, PyTorch),
    'torch.compile, s': seconds(compiled),
    'ratio to it': ratioCell(pathkernel, compiled),
    'multiplications left': bound?.left.toFixed(3) ?? '',
    bound: bound?.multiplications.toFixed(3) ?? '',
    'effective weights': bound?.weights.toFixed(4) ?? '',
    'share of peak': shareOfPeak?.toFixed(2) ?? '',
    'memory, GiB': gibibytes(pathkernel),
    'PyTorch, GiB': gibibytes(PyTorch),
  };
}

function seconds(side?: SideResult): string {
  return side ? String(Number(side.seconds.toPrecision(3))) : '';
}

function gibibytes(side?: SideResult): string {
  return side ? (side.peakBytes / 2 ** 30).toFixed(2) : '';
}

/** The ratio; where rounds of a side are not steady, how far apart they lie in its place, or beside it where it was asked for. */
function ratioCell(ours: SideResult, theirs?: SideResult): string {
  if (!theirs) return '';
  const sides = [ours, theirs];
  const ratio = theirs.ratio?.toFixed(2);
  const widest = max(sides, ({ rounds }) => spread(rounds) ?? Number.POSITIVE_INFINITY) as number;
  const why = Number.isFinite(widest) ? `spread ${(100 * widest).toFixed(0)} %` : 'spread unknown';
  const parts = [ratio, ...(sides.every(({ rounds }) => isSteady(rounds)) ? [] : [why])];
  return parts.filter((part) => part !== undefined).join(', ');
}
