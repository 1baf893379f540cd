import type { OpeningHours } from '../../shared/contract/settingsRest.ts';
import { formatWeekdayName } from '../ui/format.ts';

/** `Mon–Fri 08:00–20:00`, `Sat 09:00–16:00`. */
export function openingTexts(hours: OpeningHours): string[] {
  return hours.map(({ days, opens, closes }) => `${daysText(days)} ${opens}–${closes}`);
}

/** `Mon–Fri`, `Sat, Sun`: three days or more in a row are a range. */
function daysText(days: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const day of [...new Set(days)].sort()) {
    const run = runs.at(-1);
    if (run && run[1] === day - 1) run[1] = day;
    else runs.push([day, day]);
  }
  const name = (day: number): string => formatWeekdayName(day, 'short');
  return runs
    .map(([first, last]) =>
      first === last ? name(first) : `${name(first)}${last - first === 1 ? ', ' : '–'}${name(last)}`,
    )
    .join(', ');
}
