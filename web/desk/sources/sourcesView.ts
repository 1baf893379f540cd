import type { HealthKind, HealthRow } from '../../../shared/contract/importerHealth.ts';
import { isDate, lengthOf, plusDays } from '../days.ts';
import type { Days } from '../presets.ts';
import type { Problem } from '../view.ts';
import { KIND_NAMES, KINDS } from './kinds.ts';

/** What the page of sources shows, as its address holds it. Pure. */
export interface SourcesView {
  days: Days;
  /** What is opened: a kind of a source, of one day or all of them. */
  source: string | null;
  kind: HealthKind | null;
  day: string | null;
}

/** As many days as a screen has room for. */
const USUAL_DAYS = 30;
/** As the API has it (shared/contract/importerHealth.ts). */
const DAYS_LIMIT = 92;

export function sourcesViewOf(query: string, today: string): { view: SourcesView; problems: Problem[] } {
  const parameters = new URLSearchParams(query);
  const problems: Problem[] = [];
  const dateOf = (name: string): string | null => {
    const value = parameters.get(name);
    if (value === null || value === '') return null;
    if (isDate(value)) return value;
    problems.push({ kind: 'date', value });
    return null;
  };
  const end = dateOf('end') ?? today;
  const start = dateOf('start') ?? plusDays(end, 1 - USUAL_DAYS);
  if (end < start) problems.push({ kind: 'reversed', value: `${start} – ${end}` });
  const [startDate, endDate] = end < start ? [end, start] : [start, end];
  const isTooLong = lengthOf(startDate, endDate) > DAYS_LIMIT;
  if (isTooLong) problems.push({ kind: 'tooManyDays', value: `${startDate} – ${endDate}` });
  const kind = parameters.get('kind');
  const known = KIND_NAMES.find((one) => one === kind) ?? null;
  if (kind !== null && known === null) problems.push({ kind: 'choice', value: kind });
  const view: SourcesView = {
    days: isTooLong ? { startDate: plusDays(endDate, 1 - DAYS_LIMIT), endDate } : { startDate, endDate },
    source: parameters.get('source') || null,
    kind: known,
    day: dateOf('day'),
  };
  return { view, problems };
}

export function addressOfSources(
  { startDate, endDate }: Days,
  { source, kind, day }: { source?: string | null; kind?: string | null; day?: string | null } = {},
): string {
  const parameters = new URLSearchParams({ start: startDate, end: endDate });
  for (const [name, value] of Object.entries({ source, kind, day })) if (value) parameters.set(name, value);
  return `#/sources?${parameters}`;
}

/** What one source told, by kind and day, and how it adds up. */
export interface SourceTold {
  source: string;
  rows: readonly HealthRow[];
  /** Kinds that were counted at all, as they are shown; what was told is always among them. */
  kinds: HealthKind[];
  at(kind: HealthKind, day: string): HealthRow | undefined;
  total(kind: HealthKind): number;
}

/** By name; a source that told nothing in these days is not among them. */
export function bySource(rows: readonly HealthRow[]): SourceTold[] {
  const found = new Map<string, HealthRow[]>();
  for (const row of rows) found.set(row.source, [...(found.get(row.source) ?? []), row]);
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([source, own]) => {
      const cells = new Map(own.map((row) => [`${row.kind} ${row.day}`, row]));
      const totals = new Map<HealthKind, number>();
      for (const { kind, count } of own) totals.set(kind, (totals.get(kind) ?? 0) + count);
      return {
        source,
        rows: own,
        kinds: KIND_NAMES.filter((kind) => KINDS[kind].weight === 'told' || (totals.get(kind) ?? 0) > 0),
        at: (kind, day) => cells.get(`${kind} ${day}`),
        total: (kind) => totals.get(kind) ?? 0,
      };
    });
}

/** On how many days something was told at all, and on how many of them something was odd. */
export function daysTold(sources: readonly SourceTold[]): { odd: number; all: number } {
  const rows = sources.flatMap(({ rows }) => rows).filter(({ count }) => count > 0);
  const isOdd = ({ kind }: HealthRow): boolean => ['grave', 'odd'].includes(KINDS[kind].weight);
  const daysOf = (some: readonly HealthRow[]): number => new Set(some.map(({ day }) => day)).size;
  return { odd: daysOf(rows.filter(isOdd)), all: daysOf(rows) };
}

export function daysIn({ startDate, endDate }: Days): string[] {
  return Array.from({ length: lengthOf(startDate, endDate) }, (_, place) => plusDays(startDate, place));
}

/** A hundredth of a day's events or visits is as strong as it gets. */
const MUCH = 0.01;

/** How much colour a cell takes, 0–1: of what was told by the busiest day, of what is odd by its share of the day. */
export function strengthOf(told: SourceTold, kind: HealthKind, day: string, most: number): number {
  const count = told.at(kind, day)?.count ?? 0;
  if (count === 0) return 0;
  const { weight, of } = KINDS[kind];
  if (weight === 'told') return most === 0 ? 0 : count / most;
  if (weight === 'plain') return 0;
  const whole = of === null ? 0 : (told.at(of, day)?.count ?? 0);
  if (whole === 0) return weight === 'grave' ? 1 : 0.5;
  return Math.min(1, Math.max(0.25, count / whole / MUCH));
}
