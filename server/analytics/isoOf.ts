const DAY_MS = 86_400_000;
/** From year 10000 on more digits are written. */
const PLAIN_UNTIL = Date.UTC(10_000, 0);
const DAYS_KEPT = 4_000;

/** By number since 1970: as in `2026-11-30T`. */
const days = new Map<number, string>();
const TWO = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));
const THREE = Array.from({ length: 1_000 }, (_, n) => String(n).padStart(3, '0'));

/** What `toISOString` says of an instant in epoch ms, in a fifth of the time: an answer has thousands of them, of a few days. */
export function isoOf(ms: number): string {
  if (!(ms >= 0 && ms < PLAIN_UNTIL)) return new Date(ms).toISOString();
  const number = Math.floor(ms / DAY_MS);
  const inDay = Math.floor(ms) - number * DAY_MS;
  const seconds = Math.floor(inDay / 1_000);
  const minutes = Math.floor(seconds / 60);
  const clock = `${TWO[Math.floor(minutes / 60)]}:${TWO[minutes % 60]}:${TWO[seconds % 60]}`;
  return `${dayOf(number)}${clock}.${THREE[inDay % 1_000]}Z`;
}

function dayOf(number: number): string {
  const known = days.get(number);
  if (known !== undefined) return known;
  if (days.size >= DAYS_KEPT) days.clear();
  const day = new Date(number * DAY_MS).toISOString().slice(0, 11);
  days.set(number, day);
  return day;
}
