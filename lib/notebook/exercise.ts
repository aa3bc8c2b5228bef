import { AssertionError } from 'node:assert';
import { checkNames, lookUp } from '../base';
import { checkFunctions } from '../base/checkKinds';
import { Interrupted } from '../base/interrupt';
import { invalid } from '../base/invalid';
import { reasonOf } from '../base/toJson';
import { agree, checkTolerance, type Tolerance, wordFor } from './agree';
import { escapeHtml } from './escapeHtml';
import { formatNumber } from './formatNumber';
import { type Bundle, publish } from './publish';

const STARS = { try: '★', think: '★★', build: '★★★' };

export interface ExerciseOptions<T> {
  /** Which exercise of the notebook it is, from 1. */
  number: number;
  /** ★ `try`, ★★ `think` or ★★★ `build`. */
  level: keyof typeof STARS;
  /**
   * Computes the answer, once there is one to compare: a number, a text, true or false, a list, a typed array, a tensor, a
   * record of these, or a Set where the order does not matter. This or `holds`.
   */
  expected?: () => unknown;
  /** How far numbers may be off; by default a millionth of a whole number and 0.5 % of any other. */
  tolerance?: Tolerance;
  /** Tries what was built: whether it does what is asked, or what it does not do yet, in a text. This or `expected`. */
  holds?: (answer: T) => boolean | string | Promise<boolean | string>;
  /** What a wrong answer is told: where to look, never the answer. */
  hint: string | ((answer: T) => string);
}

/**
 * Checks the answer to an exercise, in the notebook. No answer yet is shown and lets "Run All" go on; a right one gets a tick.
 *
 *     const paths: number | undefined = undefined; // your answer
 *     await display.exercise(paths, {
 *       number: 1, level: 'try', expected: () => Number(countPaths(network)), hint: 'One unit of each layer: multiply.',
 *     });
 *
 * @param answer undefined where there is none yet; a promise is waited for
 * @throws `AssertionError` with the hint for a wrong one; `invalid …` for options that leave open what is right
 */
export async function exercise<T>(
  answer: T | Promise<T> | undefined,
  options: ExerciseOptions<T>,
): Promise<void> {
  check(options);
  const { number, level, tolerance } = options;
  const name = `Exercise ${number} ${STARS[level]} ${level}`;
  const given = await answer;
  if (given === undefined)
    return publish(box(`${name}: no answer yet`, 'Put it in place of undefined and run the cell.', '#888'));
  const fault = options.holds ? await tried(given, options) : await compared(given, options);
  if (fault !== undefined) {
    const hint = typeof options.hint === 'function' ? options.hint(given) : options.hint;
    throw new AssertionError({ message: [`${name}: not yet`, fault, hint].filter(Boolean).join('. ') });
  }
  publish(box(`✓ ${name}: right`, tolerance ? toleranceText(tolerance) : '', '#2e9d4c'));
}

/** What is amiss, an empty text where only the hint says it; undefined where it is right. */
async function compared<T>(
  answer: T,
  { expected, tolerance }: ExerciseOptions<T>,
): Promise<string | undefined> {
  const value = await expected?.();
  if (value === undefined || typeof value === 'function')
    throw invalid('expected', 'computes nothing to compare with', wordFor(value));
  if (agree(answer, value, tolerance)) return undefined;
  const [asked, given] = [wordFor(value), wordFor(answer)];
  return asked === given ? '' : `Asked for is ${asked}, not ${given}`;
}

async function tried<T>(answer: T, { holds }: ExerciseOptions<T>): Promise<string | undefined> {
  let result: unknown;
  try {
    result = await holds?.(answer);
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    // An assertion's own message would show the value it expects.
    return error instanceof AssertionError ? '' : `It fails where it is tried: ${reasonOf(error)}`;
  }
  if (typeof result !== 'boolean' && typeof result !== 'string')
    throw invalid('holds', 'tells neither true nor false nor what is amiss', result);
  if (result === true) return undefined;
  return result === false ? '' : result;
}

function check<T>(options: ExerciseOptions<T>): void {
  checkNames('exercise', options, { number: 1, level: 1, expected: 1, tolerance: 1, holds: 1, hint: 1 });
  const { number, level, expected, holds, tolerance, hint } = options;
  if (!(Number.isInteger(number) && number >= 1))
    throw invalid('number', 'not a whole number from 1', number);
  lookUp('level', STARS, level);
  checkFunctions({ expected, holds });
  if ((expected == null) === (holds == null))
    throw invalid(`exercise ${number}`, 'needs either expected or holds', expected == null ? 'none' : 'both');
  if (tolerance !== undefined) checkTolerance(tolerance);
  if (typeof hint !== 'function' && !(typeof hint === 'string' && hint.trim() !== ''))
    throw invalid('hint', 'not a text or a function that gives one', hint);
}

function toleranceText(tolerance: Tolerance): string {
  const within =
    'relative' in tolerance
      ? `${formatNumber(100 * tolerance.relative)} %`
      : formatNumber(tolerance.absolute);
  return `to within ${within}: ${tolerance.because}`;
}

/** A line that a stored notebook shows as well, in a light theme and in a dark one: its colours are those of the text around. */
function box(title: string, more: string, colour: string): Bundle {
  const style = `border-left: 4px solid ${colour}; padding: 0.2em 0.8em`;
  return {
    'text/html': `<div style="${style}"><strong>${escapeHtml(title)}</strong> ${escapeHtml(more)}</div>`,
    'text/plain': [title, more].filter(Boolean).join('\n'),
  };
}
