import type { VisitOutcome } from '../../shared/contract/calls.ts';
import type { LiveMetrics } from '../../shared/contract/rest.ts';
import { type DeskCalendar, dateAt } from './days.ts';
import type { Days } from './presets.ts';
import { DEFAULT_VIEW, type Problem, type View, viewOf } from './view.ts';

/** Which calls an address asks for. Pure. */
export interface CallsView {
  /** Of which time: from one instant to another (ISO 8601), or whole days. */
  period: { from: string; to: string } | Days;
  /** The figure that counted them; null: all. */
  counted: string | null;
  outcome: VisitOutcome | null;
  callId: string | null;
  /** Queues, sectors and rules as on the page of figures, whose range holds the period. */
  view: View;
}

export const OUTCOMES = [
  'answered',
  'abandoned',
  'timed_out',
  'no_agents',
  'key_exit',
  'callback_requested',
  'overflowed',
  'withdrawn',
  'lost',
  'open',
  'refused',
] as const satisfies readonly VisitOutcome[];

export function callsViewOf(
  query: string,
  today: string,
  calendar: DeskCalendar,
): { asked: CallsView; problems: Problem[] } {
  const parameters = new URLSearchParams(query);
  const { view, problems } = viewOf(query);
  const instants = ['from', 'to'].map((name) => parameters.get(name) ?? '');
  const [from = '', to = ''] = instants;
  const isPeriod = from !== '' && to !== '' && Date.parse(from) < Date.parse(to);
  if (!isPeriod && (from !== '' || to !== '')) {
    const isReversed = Date.parse(from) >= Date.parse(to);
    problems.push({ kind: isReversed ? 'reversed' : 'date', value: `${from} – ${to}` });
  }
  const named = typeof view.range === 'string' ? { startDate: today, endDate: today } : view.range;
  const days = isPeriod ? daysBetween(from, to, calendar) : named;
  const outcome = OUTCOMES.find((one) => one === parameters.get('outcome')) ?? null;
  const asked: CallsView = {
    period: isPeriod ? { from: new Date(from).toISOString(), to: new Date(to).toISOString() } : named,
    counted: parameters.get('counted') || null,
    outcome,
    callId: parameters.get('callId') || null,
    view: { ...DEFAULT_VIEW, ...rulesOf(view), range: days },
  };
  return { asked, problems };
}

function rulesOf({ queues, sectors, definition, threshold, shortAbandon, timeZone }: View): Partial<View> {
  return { queues, sectors, definition, threshold, shortAbandon, timeZone };
}

function daysBetween(from: string, to: string, calendar: DeskCalendar): Days {
  return {
    startDate: dateAt(Date.parse(from), calendar),
    endDate: dateAt(Date.parse(to) - 1, calendar),
  };
}

export function callsAddressOf({ period, counted, outcome, callId, view }: CallsView): string {
  const parameters = new URLSearchParams();
  if ('from' in period) {
    parameters.set('from', period.from);
    parameters.set('to', period.to);
  } else {
    parameters.set('start', period.startDate);
    parameters.set('end', period.endDate);
  }
  for (const id of view.queues) parameters.append('queue', id);
  for (const id of view.sectors) parameters.append('sector', id);
  const said = {
    timeZone: view.timeZone,
    definition: view.definition,
    threshold: view.threshold,
    shortAbandon: view.shortAbandon,
    counted,
    outcome,
    callId,
  };
  for (const [name, value] of Object.entries(said)) if (value !== null) parameters.set(name, String(value));
  return `#/calls?${parameters}`;
}

/**
 * What the API is asked. It knows queues and no sectors: a sector is its queues, within those that are named. Null where
 * that leaves none, so that there are no calls to ask for.
 */
export function callsQueryOf(asked: CallsView, known: Pick<LiveMetrics, 'queues'>): URLSearchParams | null {
  const { period, counted, outcome, callId, view } = asked;
  const parameters = new URLSearchParams(
    'from' in period ? { ...period } : { startDate: period.startDate, endDate: period.endDate },
  );
  const { queues, sectors, timeZone, threshold, shortAbandon } = view;
  if (queues.length + sectors.length > 0) {
    const meant = known.queues.filter(
      ({ queueId, sectorId }) =>
        (queues.length === 0 || queues.includes(queueId)) &&
        (sectors.length === 0 || sectors.includes(sectorId)),
    );
    if (meant.length === 0) return null;
    for (const { queueId } of meant) parameters.append('queue', queueId);
  }
  if (!('from' in period) && timeZone !== null) parameters.set('timeZone', timeZone);
  if (counted !== null) {
    parameters.set('counted', counted);
    if (threshold !== null) parameters.set('threshold', String(threshold));
    if (shortAbandon !== null) parameters.set('shortAbandon', String(shortAbandon));
  }
  if (outcome !== null) parameters.set('outcome', outcome);
  if (callId !== null) parameters.set('callId', callId);
  return parameters;
}
