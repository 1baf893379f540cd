import type { TransactionSql } from 'postgres';
import { UNASSIGNED_SECTOR } from '../../../shared/contract/settings.ts';
import { emptyLegSums, type LegSums, sumLegs } from '../../../shared/metrics/agentSums.ts';
import { legMetrics } from '../../../shared/metrics/legMetrics.ts';
import { thresholdsInForce } from '../../../shared/metrics/thresholds.ts';
import { timeMetrics } from '../../../shared/metrics/timeMetrics.ts';
import { addTime, emptyTimeSums, type TimeSums } from '../../../shared/metrics/timeSums.ts';
import {
  emptySums,
  mergedSums,
  type SumsRead,
  sumVisits,
  toRead,
} from '../../../shared/metrics/visitSums.ts';
import { readLegs, readMissedRings, readSpent, readTeams, readVisits } from '../../history/rollUps/facts.ts';
import type { LocalDay } from '../../log/localDay.ts';
import { areContactsBehind, type Centre } from '../centre.ts';
import { grouped } from '../grouped.ts';
import { readAgents } from '../performance/agentRows.ts';
import { type Measure, measureOf, performanceOf } from '../performance/figures.ts';
import { readFigures } from '../performance/readFigures.ts';
import { type Figures, figuresOf, type Sheet } from './sheet.ts';

/** What history says of a day: of its roll-ups as the performance endpoints read them, and of its facts, added up here. */

export async function historySheet(
  tx: TransactionSql,
  centre: Centre,
  day: LocalDay,
  ids: readonly string[],
  now: number,
): Promise<Sheet> {
  const pieces = [{ grain: 'day' as const, from: day.start, to: day.end }];
  const measure = measureDay(centre, ids);
  const question = { pieces, queues: null, measure, starts: [] } as const;
  const total = await readFigures(tx, centre, { ...question, by: 'total' }, now);
  const byQueue = await readFigures(tx, centre, { ...question, by: 'queue', within: 'queue' }, now);
  // As the sectors' endpoint does.
  const within = areContactsBehind(centre) ? undefined : 'sector';
  const bySector = await readFigures(tx, centre, { ...question, by: 'queue', within }, now);
  const agents = await readAgents(tx, centre.tenantId, { pieces, identities: null });
  const { minimumSample } = centre.settings;
  return {
    total: figuresOf(total.metrics(0, null, true)),
    sectors: new Map(
      [...sectorsOf(centre, ids)].map(([id, own]) => [id, figuresOf(bySector.metrics(0, own, true))]),
    ),
    queues: new Map(ids.map((id) => [id, figuresOf(byQueue.metrics(0, [id], false))])),
    agents: new Map(
      agents.map(({ identity, legs, time }) => [identity, agentFigures(legs, time, minimumSample)]),
    ),
    blank: blankOf(measure),
  };
}

/** Queue by queue and agent by agent, so that no more than the visits of one are here at once. */
export async function factsSheet(
  tx: TransactionSql,
  centre: Centre,
  day: LocalDay,
  { ids, identities, now }: { ids: readonly string[]; identities: readonly string[]; now: number },
): Promise<Sheet> {
  const { tenantId, settings } = centre;
  const measure = measureDay(centre, ids);
  const spanOf = (id: string) => [{ id, start: day.start, end: day.end }];
  const [teams = []] = await readTeams(tx, tenantId, spanOf(''), now);
  const timeOf = (isMeant: (queues: readonly string[]) => boolean): TimeSums => {
    const sums = emptyTimeSums();
    for (const team of teams) if (isMeant(team.queues)) addTime(sums, team);
    return sums;
  };
  const queues = new Map<string, Figures>();
  const all = new Map<string, SumsRead>();
  for (const id of ids) {
    const [visits = []] = await readVisits(tx, tenantId, spanOf(id));
    const [missed = 0] = await readMissedRings(tx, tenantId, spanOf(id));
    const sums = toRead(sumVisits(visits, missed, thresholdsInForce(settings, id), now).sums);
    all.set(id, sums);
    const time = timeOf((served) => served.includes(id));
    queues.set(
      id,
      figuresOf(performanceOf(measure, { visits: sums, time, contacts: null }, new Set([id]), false)),
    );
  }
  const totalOf = (own: readonly string[], among: ReadonlySet<string> | null): Figures => {
    const visits = mergedSums(own.flatMap((id) => all.get(id) ?? []));
    const time = timeOf((served) => among === null || served.some((id) => among.has(id)));
    return figuresOf(performanceOf(measure, { visits, time, contacts: null }, among, true));
  };
  const agents = new Map<string, Figures>();
  for (const identity of identities) {
    const [legs = []] = await readLegs(tx, tenantId, spanOf(identity));
    const [spent = []] = await readSpent(tx, tenantId, spanOf(identity), now);
    const own = sumLegs(legs, now).byQueue.get('') ?? emptyLegSums();
    const time = emptyTimeSums();
    for (const part of spent) addTime(time, part);
    agents.set(identity, agentFigures(own, time, settings.minimumSample));
  }
  return {
    total: totalOf(ids, null),
    sectors: new Map([...sectorsOf(centre, ids)].map(([id, own]) => [id, totalOf(own, new Set(own))])),
    queues,
    agents,
    blank: blankOf(measure),
  };
}

function agentFigures(legs: LegSums, time: TimeSums, minimumSample: number): Figures {
  const { lowSample: _, ...counts } = legMetrics(legs, minimumSample);
  return { ...counts, ...timeMetrics(time) };
}

/** Every sector that has queues, and which. */
function sectorsOf({ settings }: Centre, ids: readonly string[]): Map<string, string[]> {
  return grouped(ids, (id) => settings.queues.get(id)?.sectorId ?? UNASSIGNED_SECTOR);
}

function blankOf(measure: Measure): Sheet['blank'] {
  const nothing = { visits: toRead(emptySums()), time: emptyTimeSums(), contacts: null };
  return {
    sector: figuresOf(performanceOf(measure, nothing, null, true)),
    queue: figuresOf(performanceOf(measure, nothing, null, false)),
    agent: agentFigures(emptyLegSums(), emptyTimeSums(), measure.settings.minimumSample),
  };
}

function measureDay({ settings, checkpoint }: Centre, ids: readonly string[]): Measure {
  return measureOf(settings, ids, {}, checkpoint.stamped);
}

/** Queues and agents the day's facts or roll-ups name. */
export async function namedOn(
  tx: TransactionSql,
  tenantId: string,
  { start, end }: LocalDay,
): Promise<{ queues: string[]; agents: string[] }> {
  const [from, to] = [new Date(start), new Date(end)];
  const rows = await tx<{ queue: string | null; agent: string | null }[]>`
    select distinct queue_id as queue, null as agent from queue_visits
    where tenant_id = ${tenantId} and entered_at >= ${from} and entered_at < ${to}
    union
    select queue_id, null from performance_trends
    where tenant_id = ${tenantId} and grain = 'day' and bucket >= ${from} and bucket < ${to} and queue_id <> ''
    union
    select null, identity from agent_intervals
    where tenant_id = ${tenantId} and started_at >= ${from} and started_at < ${to}
    union
    select null, identity from agent_trends
    where tenant_id = ${tenantId} and grain = 'day' and queue_id = '' and bucket >= ${from} and bucket < ${to}`;
  return {
    queues: rows.flatMap(({ queue }) => (queue === null ? [] : [queue])),
    agents: rows.flatMap(({ agent }) => (agent === null ? [] : [agent])),
  };
}
