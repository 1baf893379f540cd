import type { VisitOutcome } from '../../shared/contract/calls.ts';
import { formatDateTimes } from '../ui/format.ts';
import { type DeskCalendar, dateAt, isDayStart } from './days.ts';
import type { Days } from './presets.ts';
import { titleOf } from './RangeControl.tsx';
import { choiceIn, DEFAULT_VIEW, type Problem, type View, viewOf } from './view.ts';

/** Which calls an address asks for. Pure. */
export interface CallsView {
  /** Of which time: from one instant to another (ISO 8601), or whole days. */
  period: { from: string; to: string } | Days;
  /** The figures that counted them, none: all; and of those not what these counted. */
  counted: readonly string[];
  notCounted: readonly string[];
  /** Transferred into one of these queues. */
  transferredTo: readonly string[];
  outcome: VisitOutcome | null;
  callId: string | null;
  /** Whose wait was over and within these, in ms. */
  minWaitMs: number | null;
  maxWaitMs: number | null;
  /** Queues, sectors, the agent and rules as on the page of figures, whose range holds the period. */
  view: View & { range: Days };
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
  const outcome = choiceIn(parameters, 'outcome', OUTCOMES, problems);
  const wait = (name: string): number | null => {
    const value = parameters.get(name);
    if (value === null || value === '') return null;
    if (/^\d{1,9}$/.test(value)) return Number(value);
    problems.push({ kind: 'choice', value: `${name}=${value}` });
    return null;
  };
  const asked: CallsView = {
    period: isPeriod ? { from: new Date(from).toISOString(), to: new Date(to).toISOString() } : named,
    counted: parameters.getAll('counted').filter((name) => name !== ''),
    notCounted: parameters.getAll('notCounted').filter((name) => name !== ''),
    transferredTo: parameters.getAll('transferredTo').filter((id) => id !== ''),
    outcome,
    callId: parameters.get('callId') || null,
    minWaitMs: wait('minWaitMs'),
    maxWaitMs: wait('maxWaitMs'),
    view: { ...DEFAULT_VIEW, ...rulesOf(view), range: days },
  };
  return { asked, problems };
}

function rulesOf(view: View): Partial<View> {
  const { queues, sectors, agent, definition, threshold, shortAbandon, timeZone } = view;
  return { queues, sectors, agent, definition, threshold, shortAbandon, timeZone };
}

function daysBetween(from: string, to: string, calendar: DeskCalendar): Days {
  return {
    startDate: dateAt(Date.parse(from), calendar),
    endDate: dateAt(Date.parse(to) - 1, calendar),
  };
}

/** A time alone would not tell of which day it is. */
export function hasDays({ range }: CallsView['view']): boolean {
  return range.startDate !== range.endDate;
}

/** What the period is called: by its days where it is whole ones, or else from when to when. */
export function periodName({ period, view }: CallsView, calendar: DeskCalendar): string {
  const instants = 'from' in period ? [Date.parse(period.from), Date.parse(period.to)] : [];
  const [from, to] = instants;
  if (from === undefined || to === undefined || instants.every((one) => isDayStart(one, calendar)))
    return titleOf(view.range, calendar.weekStart);
  return formatDateTimes(from, to, calendar.timeZone);
}

export function callsAddressOf(asked: CallsView): string {
  const { period, counted, notCounted, transferredTo, outcome, callId, minWaitMs, maxWaitMs, view } = asked;
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
    agent: view.agent,
    outcome,
    callId,
    minWaitMs,
    maxWaitMs,
  };
  for (const name of counted) parameters.append('counted', name);
  for (const name of notCounted) parameters.append('notCounted', name);
  for (const id of transferredTo) parameters.append('transferredTo', id);
  for (const [name, value] of Object.entries(said)) if (value !== null) parameters.set(name, String(value));
  return `#/calls?${parameters}`;
}

/** What the API is asked. */
export function callsQueryOf(asked: CallsView): URLSearchParams {
  const { period, counted, notCounted, transferredTo, outcome, callId, view } = asked;
  const parameters = new URLSearchParams(
    'from' in period ? { ...period } : { startDate: period.startDate, endDate: period.endDate },
  );
  const { queues, sectors, agent, timeZone, threshold, shortAbandon } = view;
  for (const id of queues) parameters.append('queue', id);
  for (const id of sectors) parameters.append('sector', id);
  if (!('from' in period) && timeZone !== null) parameters.set('timeZone', timeZone);
  for (const name of counted) parameters.append('counted', name);
  for (const name of notCounted) parameters.append('notCounted', name);
  for (const id of transferredTo) parameters.append('transferredTo', id);
  if (counted.length + notCounted.length > 0) {
    if (threshold !== null) parameters.set('threshold', String(threshold));
    if (shortAbandon !== null) parameters.set('shortAbandon', String(shortAbandon));
  }
  const said = { agent, outcome, callId, minWaitMs: asked.minWaitMs, maxWaitMs: asked.maxWaitMs };
  for (const [name, value] of Object.entries(said)) if (value !== null) parameters.set(name, String(value));
  return parameters;
}
