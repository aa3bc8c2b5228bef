/** A seeded stream of random numbers: the same seed gives the same bits on every platform. */
export interface Random {
  /** A whole number in [0, 2³²). */
  uint32(): number;
  /** A float64 in [0, 1) with 53 random bits. */
  uniform(): number;
  /** A draw from the standard normal distribution. */
  normal(): number;
  /** A whole number in [0, n), without bias. */
  integer(n: number): number;
  /** The numbers 0 … n − 1 in random order. */
  permutation(n: number): Uint32Array;
  /** An independent stream named by `label`; the same whether or not numbers were drawn here before. */
  fork(label: string | number): Random;
}

/**
 * A random stream (xoshiro128**, Blackman and Vigna 2018) for a seed.
 *
 * Only arithmetic that IEEE 754 rounds exactly is used, not Math.log, whose last bit differs between engines.
 */
export function createRandom(seed: number | string): Random {
  const key = `${typeof seed}:${seed}`;
  const state = seedState(key);
  let spare: number | undefined;

  const uint32 = (): number => {
    const result = Math.imul(rotate(Math.imul(state[1], 5), 7), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate(state[3], 11);
    return result;
  };
  const uniform = (): number => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992;
  const integer = (n: number): number => {
    const limit = 4294967296 - (4294967296 % n); // draws above the last multiple of n would favour small numbers
    let draw = uint32();
    while (draw >= limit) draw = uint32();
    return draw % n;
  };
  // Marsaglia's polar method: a point in the unit disc gives two independent normals.
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    let a: number;
    let b: number;
    let s: number;
    do {
      a = 2 * uniform() - 1;
      b = 2 * uniform() - 1;
      s = a * a + b * b;
    } while (s >= 1 || s === 0);
    const factor = Math.sqrt((-2 * naturalLog(s)) / s);
    spare = b * factor;
    return a * factor;
  };
  const permutation = (n: number): Uint32Array => {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = integer(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  };
  return {
    uint32,
    uniform,
    normal,
    integer,
    permutation,
    fork: (label) => createRandom(`${key}/${typeof label}:${label}`),
  };
}

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}

/** Four words of state from a string: FNV-1a over its UTF-16 units, spread by splitmix32. */
function seedState(key: string): Int32Array {
  let hash = 0x811c9dc5;
  let second = 0x9747b28c; // a second hash, so that keys with equal 32-bit hashes still differ
  for (let i = 0; i < key.length; i++) {
    hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
    second = Math.imul(second ^ key.charCodeAt(i), 0x85ebca6b) ^ (second >>> 15);
  }
  const state = new Int32Array(4);
  for (let i = 0; i < 4; i++) {
    const word = i % 2 === 0 ? hash : second;
    let z = (word + Math.imul(i + 1, 0x9e3779b9)) | 0;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    state[i] = z ^ (z >>> 15);
  }
  if (state.every((word) => word === 0)) state[0] = 1; // the one state xoshiro cannot leave
  return state;
}

const view = new DataView(new ArrayBuffer(8));

/** ln x for x in (0, 1): x = m 2^e with m in [√½, √2), then 2 artanh((m − 1) / (m + 1)) by its series. */
function naturalLog(x: number): number {
  view.setFloat64(0, x);
  const high = view.getUint32(0);
  let exponent = (high >>> 20) - 1022;
  view.setUint32(0, (high & 0x000fffff) | 0x3fe00000);
  let mantissa = view.getFloat64(0); // in [0.5, 1)
  if (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    exponent -= 1;
  }
  const t = (mantissa - 1) / (mantissa + 1); // |t| < 0.172, so eleven terms reach 2⁻⁵³
  const square = t * t;
  let sum = 0;
  for (let k = 21; k >= 1; k -= 2) sum = sum * square + 1 / k;
  return 2 * t * sum + exponent * Math.LN2;
}
