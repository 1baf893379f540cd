import { type DemoQueue, SECTORS } from './centre.ts';
import type { Random } from './random.ts';

const SHORT_CALL = 0.02;
const WRAP_UP_CAP_MS = 120_000;
const MINUTE = 60_000;

/** How long a call that is answered now will take: its talk, hold included, and what is to be done after it, in ms. */
export function createLengths(options: {
  random: Random;
  midnight: number;
  handleFactor(queue: string, now: number): number;
}): (queue: DemoQueue, now: number) => { talkMs: number; wrapUpMs: number } {
  const { random, midnight } = options;
  const wrapUps = new Map(SECTORS.map(({ id, wrapUpSeconds }) => [id, uncapped(wrapUpSeconds * 1_000)]));
  return ({ handleSeconds, name, sector }, now) => {
    if (random.chance(SHORT_CALL)) {
      return { talkMs: Math.round(random.between(3_000, 8_000)), wrapUpMs: 2_000 };
    }
    const mean = handleSeconds * 1_000 * options.handleFactor(name, now);
    const wrapUpMs = Math.min(WRAP_UP_CAP_MS, random.exponential(wrapUps.get(sector) ?? 0));
    const whole = Math.min(random.lognormal(mean, 0.9 * mean), 60 * MINUTE);
    // Nobody's call may run far into a day that is told apart.
    const room = Math.max(30_000, midnight + 3 * MINUTE - now);
    const talkMs = Math.min(Math.max(12_000, whole - wrapUpMs), room);
    return { talkMs: Math.round(talkMs), wrapUpMs: Math.round(Math.min(wrapUpMs, MINUTE + room / 4)) };
  };
}

/** The mean an exponential length must have so that, capped, it is `mean` on average (ms). */
function uncapped(mean: number): number {
  let scale = mean;
  for (let round = 0; round < 50; round++) scale = mean / (1 - Math.exp(-WRAP_UP_CAP_MS / scale));
  return scale;
}
