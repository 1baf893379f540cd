import type { TransactionSql } from 'postgres';
import type { PerformanceMetrics } from '../../../shared/contract/analytics.ts';
import { type ContactsRead, mergedContacts } from '../../../shared/metrics/contacts.ts';
import type { TimeSums } from '../../../shared/metrics/timeSums.ts';
import { mergedSums, type SumsRead } from '../../../shared/metrics/visitSums.ts';
import { areContactsBehind, type Centre } from '../centre.ts';
import { grouped } from '../grouped.ts';
import type { Piece } from '../pieces.ts';
import type { QueueScope } from '../scope.ts';
import { countedPieces, readContacts } from './contactRows.ts';
import { type Measure, performanceOf, stampedSums, timeAmong } from './figures.ts';
import { type OpenVisit, readOpenVisits } from './openVisits.ts';
import type { Within } from './repeatRows.ts';
import { readTeams } from './teamRows.ts';
import { contactsIn, type Places, placeAt, readVisits, unsettledIn, type VisitGroup } from './visitRows.ts';

/** What is read of roll-ups for one answer, and under what it is measured. */
export interface FigureQuestion {
  pieces: readonly Piece[];
  queues: QueueScope;
  measure: Measure;
  /** The steps they are told apart by. */
  starts: Places;
  /** Apart for each queue, or only added up. */
  by: 'queue' | 'total';
  /** With `by: 'queue'`: metrics will be asked for of each queue, or of whole sectors; undefined: of any queues. */
  within?: Within;
}

/** What metrics are made of, before they are. */
export interface FigureSums {
  visits: SumsRead;
  time: TimeSums;
  /** Null while they are being counted again. */
  contacts: ContactsRead | null;
  /** Whose they are; null: all. */
  queues: ReadonlySet<string> | null;
}

/** What was read; asked for the metrics of a step and of some of the queues. */
export interface Figures {
  /** The steps in which anything was, in order. */
  places(): number[];
  /** As `metrics`. */
  sums(place: number, queueIds: readonly string[] | null): FigureSums;
  /** Metrics of a step, 0 where the range is one. `queueIds` null: of the whole scope; takes `by: 'queue'` otherwise. */
  metrics(place: number, queueIds: readonly string[] | null, isTotal: boolean): PerformanceMetrics;
  /** Visits of a step that still wait, talk or are wrapped up. */
  unsettled(place: number): number;
}

export async function readFigures(
  tx: TransactionSql,
  centre: Centre,
  { pieces, queues, measure, starts, by, within }: FigureQuestion,
  now: number,
): Promise<Figures> {
  const { tenantId, settings } = centre;
  // Where thresholds differ between queues, only the waits of each say what is within its own.
  const isApart = by === 'queue' || (!measure.isStamped && measure.common === null);
  const question = { pieces, queues, by: isApart ? 'queue' : 'total', starts, within } as const;
  const from = Math.min(...pieces.map((piece) => piece.from));
  const to = Math.max(...pieces.map((piece) => piece.to));
  const longest = Math.max(settings.maxWaitSeconds, ...maxWaits(measure));
  const since = now - longest * 1_000;
  const mayWait = !measure.isStamped && pieces.length > 0 && to > since;
  const counted = countedPieces(centre, pieces, now);
  const areAllCounted =
    counted.every((piece, at) => piece === pieces[at]) && counted.length === pieces.length;
  const [groups, teams, open, contactGroups] = await Promise.all([
    readVisits(tx, tenantId, question, areAllCounted),
    readTeams(tx, tenantId, { pieces, starts, queues, by: by === 'queue' ? 'team' : 'total' }),
    mayWait ? readOpenVisits(tx, tenantId, { from, to, since, queues }) : [],
    areAllCounted ? [] : readContacts(tx, tenantId, { ...question, pieces: counted }),
  ]);
  const openBy = groupOpen(open, starts, isApart);
  const stampedOf = (own: readonly VisitGroup[]): SumsRead[] => {
    // Of a step's rows the first tells of all who wait in it.
    const waiting = new Map(openBy);
    return own.map((group) => {
      const name = nameOf(group.place, group.queueId);
      const open = waiting.get(name) ?? [];
      waiting.delete(name);
      return stampedSums(group, measure, open, now);
    });
  };
  const byPlace = grouped(groups, ({ place }) => place);
  const teamsBy = grouped(teams, ({ place }) => place);
  const contactsBy = grouped(contactGroups, ({ place }) => place);
  const scope = queues && new Set(queues);
  // For all steps at once: it compares every queue's sector.
  const recounting = areContactsBehind(centre);

  const sumsOf = (place: number, queueIds: readonly string[] | null): FigureSums => {
    const ids = queueIds && new Set(queueIds);
    const among = <T extends { queueId: string }>(groups: readonly T[] = []) =>
      ids === null ? groups : groups.filter(({ queueId }) => ids.has(queueId));
    const of = ids ?? scope;
    const own = among(byPlace.get(place));
    const contacts = areAllCounted
      ? own.map(contactsIn)
      : among(contactsBy.get(place)).map((group) => group.contacts);
    return {
      visits: mergedSums(stampedOf(own)),
      time: timeAmong(teamsBy.get(place) ?? [], of),
      contacts: recounting ? null : mergedContacts(contacts),
      queues: of,
    };
  };

  const blanks = new Map<boolean, PerformanceMetrics>();
  /** Metrics of a step in which nothing was: of a trend of hours every night is one. */
  const blankOf = (isTotal: boolean): PerformanceMetrics => {
    const known = blanks.get(isTotal);
    if (known !== undefined) return known;
    const made = performanceOf(measure, sumsOf(-1, null), scope, isTotal);
    blanks.set(isTotal, made);
    return made;
  };

  return {
    places: () => [...new Set([...byPlace.keys(), ...teamsBy.keys()])].sort((a, b) => a - b),
    sums: sumsOf,
    metrics(place, queueIds, isTotal) {
      if (!byPlace.has(place) && !teamsBy.has(place) && !contactsBy.has(place)) return blankOf(isTotal);
      const sums = sumsOf(place, queueIds);
      return performanceOf(measure, sums, sums.queues, isTotal);
    },
    unsettled(place) {
      let count = 0;
      for (const group of byPlace.get(place) ?? []) count += unsettledIn(group);
      return count;
    },
  };
}

function* maxWaits({ thresholds }: Measure): Iterable<number> {
  for (const { maxWaitMs } of thresholds.values()) yield maxWaitMs / 1_000;
}

function groupOpen(open: readonly OpenVisit[], starts: Places, isApart: boolean): Map<string, OpenVisit[]> {
  return grouped(open, ({ queueId, enteredAt }) =>
    nameOf(placeAt(enteredAt, starts), isApart ? queueId : ''),
  );
}

function nameOf(place: number, queueId: string): string {
  return `${place} ${queueId}`;
}
