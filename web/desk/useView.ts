import { useMemo, useSyncExternalStore } from 'react';
import type { LiveMetrics } from '../../shared/contract/rest.ts';
import { dateAt } from './days.ts';
import { useAnswer, useDesk } from './desk.ts';
import type { Days } from './presets.ts';
import { comparisonOf, daysIn, type Problem, type View, viewOf, withKnown } from './view.ts';

const NOTHING = new URLSearchParams();
const MINUTE_MS = 60_000;

/** What queues and sectors there are, what is wanted of them, and by which rules; undefined until it is here. */
export function useKnown(): { known: LiveMetrics | undefined; error: Error | null; again(): void } {
  const { data, error, refetch } = useAnswer('metrics/live', NOTHING);
  return { known: data?.data, error, again: () => void refetch() };
}

/** The local day it is, which changes while somebody looks. */
export function useToday(): string {
  const { calendar, now } = useDesk();
  return useSyncExternalStore(everyMinute, () => dateAt(now(), calendar));
}

function everyMinute(onChange: () => void): () => void {
  const timer = setInterval(onChange, MINUTE_MS);
  return () => clearInterval(timer);
}

/** What the address asks for, without what there is not. */
export function useView(
  query: string,
  known: LiveMetrics | undefined,
): { view: View; days: Days; today: string; problems: readonly Problem[] } {
  const { calendar } = useDesk();
  const today = useToday();
  // Apart, so that a view and its days stay the ones they are when only the figures of the wall are others.
  const asked = useMemo(() => viewOf(query), [query]);
  const days = useMemo(
    () => daysIn(asked.view, today, calendar.weekStart),
    [asked, today, calendar.weekStart],
  );
  return useMemo(() => {
    const { view, problems } =
      known === undefined
        ? { view: asked.view, problems: [] }
        : withKnown(asked.view, {
            queues: new Set(known.queues.map(({ queueId }) => queueId)),
            sectors: new Set(known.sectors.map(({ sectorId }) => sectorId)),
          });
    return { view, today, days, problems: [...asked.problems, ...problems] };
  }, [asked, days, known, today]);
}

/** The parameters that questions about a view share. */
export function parametersOf(
  view: View,
  days: Days,
  wants: { rules?: boolean; compare?: boolean; zone?: boolean } = {},
): URLSearchParams {
  const { startDate, endDate } = days;
  const parameters = new URLSearchParams({ startDate, endDate });
  for (const id of view.queues) parameters.append('queue', id);
  for (const id of view.sectors) parameters.append('sector', id);
  if (wants.zone && view.timeZone !== null) parameters.set('timeZone', view.timeZone);
  const compare = wants.compare ? comparisonOf(view, days) : null;
  if (compare !== null) parameters.set('compare', compare);
  if (!wants.rules) return parameters;
  for (const name of ['definition', 'threshold', 'shortAbandon'] as const) {
    const value = view[name];
    if (value !== null) parameters.set(name, String(value));
  }
  return parameters;
}
