import { nativeBackend } from '../native';
import { inPhase, phased, scopeOf } from './scope';
import { type Spent, timeSpent } from './timeSpent';

/** Multiplications in a function of TensorFlow by its name. */
const functions = new Map<string, number>();

/** Notes how many multiplications a call of a function takes. */
export function noteFunction(name: string, multiplications: number): void {
  functions.set(name, multiplications);
}

/**
 * Runs `f` so many times and says where the time went in all, as TensorFlow's profiler sees it. Run it once before in
 * {@link phased}, as compiled functions are traced anew for it.
 *
 * @param times 1 by default
 * @throws where something else profiles this process
 */
export async function recordTime(f: () => unknown, times = 1): Promise<Spent[]> {
  const { binding } = nativeBackend();
  return phased(async () => {
    binding.profileBegin();
    try {
      for (let i = 0; i < times; i++) await inPhase('rest', async () => f());
    } catch (error) {
      binding.profileEnd();
      throw error;
    }
    return timeSpent(binding.profileEnd(), { scopeOf, multiplicationsIn: (name) => functions.get(name) });
  });
}
