import type { Comparison, TimeGroup } from '../../shared/contract/analyticsQuery.ts';
import type { Definition } from '../../shared/contract/metrics.ts';
import { EXPLAINED } from './columns.ts';
import { isDate, lengthOf } from './days.ts';
import { type Days, daysOf, PRESETS, type Preset, stepFor } from './presets.ts';

/**
 * Everything chosen on the page, as the address holds it: a link is a view. What an address says that cannot be is left
 * out, and told as a problem. Pure.
 */
export interface View {
  /** Days by name, which move with today, or by date. */
  range: Preset | Days;
  /** Null: what suits the range. */
  compare: Comparison | 'none' | null;
  queues: readonly string[];
  sectors: readonly string[];
  agent: string | null;
  definition: Definition | null;
  /** In seconds; null: as settings say. */
  threshold: number | null;
  shortAbandon: number | null;
  /** Another zone than the tenant's. */
  timeZone: string | null;
  /** Null: what suits the range. */
  step: TimeGroup | null;
  metric: ChartMetric;
  tab: Tab;
  /** The figure whose explanation is open, and of which row of the tab; null: of the whole range. */
  explain: { metric: string; row: string | null } | null;
  sort: { column: string; isDescending: boolean } | null;
  /** The threshold that waits are looked at by, in seconds, and nothing else; null: the one in force. */
  within: number | null;
  /** By what short calls, transfers and intervals on target are told apart. */
  by: 'queue' | 'agent' | 'route' | 'day' | 'hour';
  /** The cell of the week's pattern whose days are listed: ISO weekday and minutes after midnight. */
  cell: { weekday: number; startMinutes: number } | null;
}

/** Something in an address that was left out or put right; `value` as the address has it. */
export interface Problem {
  kind: 'reversed' | 'date' | 'tooLong' | 'tab' | 'zone' | 'choice' | 'queue' | 'sector' | 'tooManyDays';
  value: string;
}

export const TABS = [
  'steps',
  'queues',
  'sectors',
  'agents',
  'top',
  'outcomes',
  'waits',
  'pattern',
  'short',
  'transfers',
  'returns',
  'target',
] as const;
export type Tab = (typeof TABS)[number];

export const CHART_METRICS = [
  'serviceLevel',
  'offered',
  'answered',
  'abandoned',
  'asaMs',
  'ahtMs',
  'occupancy',
] as const;
export type ChartMetric = (typeof CHART_METRICS)[number];

export const COMPARISONS = ['previous', 'sameWeekday', 'lastYear'] as const satisfies readonly Comparison[];
export const STEPS = ['interval', 'hour', 'day', 'week', 'month'] as const satisfies readonly TimeGroup[];
export const DEFINITION_NAMES = [
  'standard',
  'strict',
  'genesys',
  'connect',
  'talkdesk',
  'cisco_ignored',
  'cisco_negative',
  'cisco_positive',
  'asterisk',
] as const satisfies readonly Definition[];

/** As the API has them (shared/contract/analyticsQuery.ts). */
const SECONDS_LIMIT = 600;
const DAYS_LIMIT = 1_827;
const STEP_DAYS_LIMIT: Partial<Record<TimeGroup, number>> = { interval: 31, hour: 366 };

export const DEFAULT_VIEW: View = {
  range: 'last30',
  compare: null,
  queues: [],
  sectors: [],
  agent: null,
  definition: null,
  threshold: null,
  shortAbandon: null,
  timeZone: null,
  step: null,
  metric: 'serviceLevel',
  tab: 'steps',
  explain: null,
  sort: null,
  within: null,
  by: 'queue',
  cell: null,
};

export function viewOf(query: string): { view: View; problems: Problem[] } {
  const parameters = new URLSearchParams(query);
  const problems: Problem[] = [];
  const oneOf = <T extends string>(name: string, known: readonly T[], kind?: Problem['kind']) =>
    choiceIn(parameters, name, known, problems, kind);
  const seconds = (name: string): number | null => {
    const value = parameters.get(name);
    if (value === null || value === '') return null;
    if (/^\d{1,3}$/.test(value) && Number(value) <= SECONDS_LIMIT) return Number(value);
    problems.push({ kind: 'choice', value: `${name}=${value}` });
    return null;
  };
  const timeZone = parameters.get('timeZone');
  const isZone = timeZone === null || isKnownZone(timeZone);
  if (!isZone) problems.push({ kind: 'zone', value: timeZone });
  const [, sign, column] = /^(-?)(\w{1,40})$/.exec(parameters.get('sort') ?? '') ?? [];
  const metric = oneOf('explain', EXPLAINED);
  const view: View = {
    range: rangeIn(parameters, oneOf('range', PRESETS), problems),
    compare: oneOf('compare', [...COMPARISONS, 'none']),
    queues: parameters.getAll('queue').filter((id) => id !== ''),
    sectors: parameters.getAll('sector').filter((id) => id !== ''),
    agent: parameters.get('agent') || null,
    definition: oneOf('definition', DEFINITION_NAMES),
    threshold: seconds('threshold'),
    shortAbandon: seconds('shortAbandon'),
    timeZone: isZone ? timeZone : null,
    step: oneOf('step', STEPS),
    metric: oneOf('metric', CHART_METRICS) ?? DEFAULT_VIEW.metric,
    tab: oneOf('tab', TABS, 'tab') ?? DEFAULT_VIEW.tab,
    explain: metric === null ? null : { metric, row: parameters.get('row') || null },
    sort: column === undefined ? null : { column, isDescending: sign === '-' },
    within: seconds('within'),
    by: oneOf('by', ['queue', 'agent', 'route', 'day', 'hour']) ?? DEFAULT_VIEW.by,
    cell: cellIn(parameters, problems),
  };
  return { view, problems };
}

/** What a parameter says, where that is known; null where it says nothing, or something else, which is told as a problem. */
export function choiceIn<T extends string>(
  parameters: URLSearchParams,
  name: string,
  known: readonly T[],
  problems: Problem[],
  kind: Problem['kind'] = 'choice',
): T | null {
  const value = parameters.get(name);
  if (value === null || value === '') return null;
  const found = known.find((one) => one === value);
  if (found === undefined) problems.push({ kind, value });
  return found ?? null;
}

function rangeIn(parameters: URLSearchParams, preset: Preset | null, problems: Problem[]): View['range'] {
  const dates = ['start', 'end'].flatMap((name) => parameters.get(name) ?? []);
  if (dates.length === 0) return preset ?? DEFAULT_VIEW.range;
  for (const date of dates) if (!isDate(date)) problems.push({ kind: 'date', value: date });
  const [first = '', last = first] = dates;
  if (!isDate(first) || !isDate(last)) return preset ?? DEFAULT_VIEW.range;
  if (last < first) problems.push({ kind: 'reversed', value: `${first} – ${last}` });
  const [startDate, endDate] = last < first ? [last, first] : [first, last];
  if (lengthOf(startDate, endDate) <= DAYS_LIMIT) return { startDate, endDate };
  problems.push({ kind: 'tooLong', value: `${startDate} – ${endDate}` });
  return preset ?? DEFAULT_VIEW.range;
}

/** `2-600`: Tuesdays at ten. */
function cellIn(parameters: URLSearchParams, problems: Problem[]): View['cell'] {
  const value = parameters.get('cell');
  if (value === null || value === '') return null;
  const [, weekday, startMinutes] = /^([1-7])-(\d{1,4})$/.exec(value)?.map(Number) ?? [];
  if (weekday !== undefined && startMinutes !== undefined && startMinutes < 1_440 && startMinutes % 15 === 0)
    return { weekday, startMinutes };
  problems.push({ kind: 'choice', value: `cell=${value}` });
  return null;
}

function isKnownZone(name: string): boolean {
  try {
    // Offsets are taken here too, but know no summer time: the server refuses them.
    return /^[A-Z]/i.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}

/** The address of a view; what is as usual is not in it. */
export function queryOf(view: View): string {
  const parameters = new URLSearchParams();
  const { range, sort } = view;
  const say = (name: string, value: string | number | null, usual: string | number | null = null) => {
    if (value !== null && value !== usual) parameters.set(name, String(value));
  };
  if (typeof range === 'string') say('range', range, String(DEFAULT_VIEW.range));
  else {
    parameters.set('start', range.startDate);
    parameters.set('end', range.endDate);
  }
  say('compare', view.compare);
  for (const id of view.queues) parameters.append('queue', id);
  for (const id of view.sectors) parameters.append('sector', id);
  say('agent', view.agent);
  say('definition', view.definition);
  say('threshold', view.threshold);
  say('shortAbandon', view.shortAbandon);
  say('timeZone', view.timeZone);
  say('step', view.step);
  say('metric', view.metric, DEFAULT_VIEW.metric);
  say('tab', view.tab, DEFAULT_VIEW.tab);
  say('explain', view.explain?.metric ?? null);
  say('row', view.explain?.row ?? null);
  say('sort', sort && `${sort.isDescending ? '-' : ''}${sort.column}`);
  say('within', view.within);
  say('by', view.by, DEFAULT_VIEW.by);
  say('cell', view.cell && `${view.cell.weekday}-${view.cell.startMinutes}`);
  return parameters.toString();
}

export function addressOf(view: View): string {
  const query = queryOf(view);
  return `#/performance${query === '' ? '' : `?${query}`}`;
}

/** An address and something more that is chosen: of hundreds that differ in one choice, what they share is put together once. */
export function withChoice(address: string, choice: 'agent' | 'explain' | 'row', value: string): string {
  return `${address}${address.includes('?') ? '&' : '?'}${choice}=${encodeURIComponent(value)}`;
}

/** Where pressing figures leads: to how one came about, or away from there; `at`: the page they stand on. */
export function explaining(view: View, at: (view: View) => string = addressOf): ExplainedAt {
  const closed = at({ ...view, explain: null });
  return (metric, row = null) => {
    if (view.explain?.metric === metric && view.explain.row === row) return { href: closed, isOpen: true };
    const opened = withChoice(closed, 'explain', metric);
    return { href: row === null ? opened : withChoice(opened, 'row', row), isOpen: false };
  };
}

export type ExplainedAt = (metric: string, row?: string | null) => { href: string; isOpen: boolean };

/** Without the explanation of a row, which is of one list alone. */
export function withoutRow(view: View): View {
  return view.explain?.row == null ? view : { ...view, explain: null };
}

/** Without the queues and sectors there are none of, and which those were; the view itself where there are all. */
export function withKnown<Of extends View>(
  view: Of,
  known: { queues: ReadonlySet<string>; sectors: ReadonlySet<string> },
): { view: Of; problems: Problem[] } {
  const strange = (ids: readonly string[], of: ReadonlySet<string>, kind: 'queue' | 'sector') =>
    ids.filter((id) => !of.has(id)).map((value): Problem => ({ kind, value }));
  const problems = [
    ...strange(view.queues, known.queues, 'queue'),
    ...strange(view.sectors, known.sectors, 'sector'),
  ];
  if (problems.length === 0) return { view, problems };
  const queues = view.queues.filter((id) => known.queues.has(id));
  const sectors = view.sectors.filter((id) => known.sectors.has(id));
  return { view: { ...view, queues, sectors }, problems };
}

export function daysIn({ range }: View, today: string, weekStart: number): Days {
  return typeof range === 'string' ? daysOf(range, today, { weekStart }) : range;
}

/** What a range is compared to, null for nothing: a day with the last one of its weekday, more with as many before. */
export function comparisonOf(
  { compare }: Pick<View, 'compare'>,
  { startDate, endDate }: Days,
): Comparison | null {
  if (compare === 'none') return null;
  return compare ?? (startDate === endDate ? 'sameWeekday' : 'previous');
}

/** The steps a range may be told in, and the one it is: the one chosen, unless the range is too long for it. */
export function stepsFor(view: Pick<View, 'step'>, days: Days): { step: TimeGroup; possible: TimeGroup[] } {
  const length = lengthOf(days.startDate, days.endDate);
  const possible = STEPS.filter(
    (step) =>
      length <= (STEP_DAYS_LIMIT[step] ?? DAYS_LIMIT) &&
      (length > 1 || step === 'interval' || step === 'hour'),
  );
  const chosen = possible.find((step) => step === view.step);
  return { step: chosen ?? stepFor(days), possible };
}
