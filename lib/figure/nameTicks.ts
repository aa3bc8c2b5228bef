import { max } from 'd3-array';
import { LETTER, longest } from './letters';

/** How names are written along an axis. */
export interface NameTicks {
  /** One a name, `<br>` between lines. */
  texts: readonly string[];
  /** 0 where they lie flat, −90 where they stand. */
  angle: 0 | -90;
  /** The pixels they need below the plot beyond those of one line. */
  height: number;
  /** What a shortened name stands for, such as `s3b1c2 is stage3/block1/conv2`; empty where none is shortened. */
  note: string;
}

/** So many letters fit below a plot side by side. */
const LETTERS = 80;

/** In pixels. */
const LINE = 17;

/**
 * Names along an axis, so that they take little of the height: flat where they fit, else in several lines, else layers by the
 * initials and numbers of their parts, which stand where even these do not fit side by side.
 *
 * @param names all different
 * @param letters how many fit side by side; 80 by default
 */
export function nameTicks(names: readonly string[], letters = LETTERS): NameTicks {
  const fits = (texts: readonly string[]) => longest(texts) * texts.length <= letters;
  const flat = { angle: 0, height: 0, note: '' } as const;
  if (fits(names)) return { ...flat, texts: names };
  const words = names.map((name) => name.split(' '));
  if (longest(words.flat()) * names.length <= letters) {
    const lines = max(words, ({ length }) => length) as number;
    return { ...flat, texts: words.map((own) => own.join('<br>')), height: LINE * (lines - 1) };
  }
  const codes = names.map(codeOf);
  const texts = new Set(codes).size === names.length ? codes : names;
  const at = texts.findIndex((text, i) => text !== names[i] && text.length === longest(texts));
  const note = at < 0 ? '' : `${texts[at]} is ${names[at]}`;
  const below = note ? LINE : 0;
  if (fits(texts)) return { texts, angle: 0, height: below, note };
  return { texts, angle: -90, height: below + Math.max(0, LETTER * longest(texts) - LINE), note };
}

/**
 * The initials and numbers of a layer's parts, `s3b1c2` for `stage3/block1/conv2`, without a last part that has no number. Names of
 * several words, such as `T-shirt/top 2`, are no layers' and stay.
 */
function codeOf(name: string): string {
  if (name.includes(' ')) return name;
  const parts = name.split('/');
  const told = parts.length > 1 && !/\d/.test(parts[parts.length - 1]) ? parts.slice(0, -1) : parts;
  if (told.length === 1) return told[0];
  return told.map((part) => `${part[0] ?? ''}${part.match(/\d+$/)?.[0] ?? ''}`).join('');
}
