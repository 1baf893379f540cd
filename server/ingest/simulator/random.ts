import { randomFrom } from '../../../shared/random.ts';

/** Repeatable chance: the same text gives the same numbers for ever. */
export interface Random {
  /** [0, 1) */
  next(): number;
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  normal(): number;
  exponential(mean: number): number;
  /** Log-normal with this mean and standard deviation. */
  lognormal(mean: number, sd: number): number;
}

export function randomOf(text: string): Random {
  const next = randomFrom(hash(text));
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    normal,
    between: (low, high) => low + next() * (high - low),
    chance: (probability) => next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
    exponential: (mean) => -Math.log(1 - next()) * mean,
    lognormal(mean, sd) {
      const variance = Math.log(1 + (sd / mean) ** 2);
      return Math.exp(Math.log(mean) - variance / 2 + Math.sqrt(variance) * normal());
    },
  };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
