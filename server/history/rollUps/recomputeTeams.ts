import type { TransactionSql } from 'postgres';
import { addTime, emptyTimeSums, mergeTime, type TimeSums } from '../../../shared/metrics/timeSums.ts';
import { teamTrends } from '../../db/schema/history.ts';
import type { Grain } from './buckets.ts';
import type { Mark } from './dirty.ts';
import { readTeams, type Span } from './facts.ts';
import { spansOf } from './queueRowsOf.ts';
import { markedSpans, type Round } from './round.ts';
import { instants, rollUpTable, type Stored } from './table.ts';

type TeamRow = Stored<typeof teamTrends>;

const teamRows = rollUpTable(teamTrends, ['grain', 'bucket', 'queues']);

/** The row of all teams of a bucket: what is asked of everybody is a row, however many teams there are. */
const ALL_TEAMS = JSON.stringify(['']);

/** What a round knows of one grain: all teams of a bucket, by their queues as JSON. */
type Computed = Map<number, Map<string, TimeSums>>;

/** Recomputes how agents spent intervals from their timelines, where there are any still, and hours, days and months from the grain before. */
export async function recomputeTeams(
  tx: TransactionSql,
  round: Round,
  marks: readonly Mark[],
): Promise<void> {
  const { buckets, tenantId, factsSince } = round;
  const all = markedSpans(marks, 'interval', buckets);
  const spans = all.filter(({ start }) => start >= factsSince);
  const spent = await readTeams(tx, tenantId, spans, round.now);
  let computed: Computed = new Map();
  for (const [i, { start }] of spans.entries()) {
    const teams = new Map<string, TimeSums>();
    computed.set(start, teams);
    for (const part of spent[i] ?? []) {
      addTime(teamOf(teams, JSON.stringify(part.queues)), part);
      addTime(teamOf(teams, ALL_TEAMS), part);
    }
  }
  await replace(tx, tenantId, 'interval', computed);
  const fixed = all.filter(({ start }) => start < factsSince);
  for (const { start } of fixed) computed.set(start, new Map());
  for (const { grain: _, bucket, queues, ...time } of await readTeamRows(
    tx,
    tenantId,
    'interval',
    fixed.map(({ start }) => start),
  ))
    computed.get(bucket)?.set(JSON.stringify(queues), time);
  let finer: Grain = 'interval';
  for (const grain of ['hour', 'day', 'month'] as const) {
    computed = await computeFrom(tx, round, finer, computed, grain);
    await replace(tx, tenantId, grain, computed);
    finer = grain;
  }
}

async function computeFrom(
  tx: TransactionSql,
  { buckets, tenantId }: Round,
  finer: Grain,
  computed: Computed,
  grain: Grain,
): Promise<Computed> {
  const result: Computed = new Map();
  for (const [bucket, teams] of computed) {
    const start = buckets.startOf(grain, bucket);
    const sums = result.get(start) ?? new Map<string, TimeSums>();
    result.set(start, sums);
    for (const [key, time] of teams) mergeTime(teamOf(sums, key), time);
  }
  const spans = [...result.keys()].map(
    (start): Span => ({ id: '', start, end: buckets.endOf(grain, start) }),
  );
  const there = await tx<{ bucket: number }[]>`
    select distinct (extract(epoch from r.bucket) * 1000)::float8 as bucket
    from ${spansOf(tx, spans)} cross join lateral (
      select bucket from team_trends
      where tenant_id = ${tenantId} and grain = ${finer} and bucket >= s.low and bucket < s.high offset 0
    ) r`;
  const unknown = there.map(({ bucket }) => bucket).filter((bucket) => !computed.has(bucket));
  const others = await readTeamRows(tx, tenantId, finer, unknown);
  for (const { grain: _, bucket, queues, ...time } of others) {
    const sums = result.get(buckets.startOf(grain, bucket));
    if (sums !== undefined) mergeTime(teamOf(sums, JSON.stringify(queues)), time);
  }
  return result;
}

function readTeamRows(
  tx: TransactionSql,
  tenantId: string,
  grain: Grain,
  buckets: readonly number[],
): Promise<TeamRow[]> {
  return tx<TeamRow[]>`
    select ${tx.unsafe(teamRows.columns)} from team_trends r
    where r.tenant_id = ${tenantId} and r.grain = ${grain} and r.bucket = any(${instants(buckets)}::timestamptz[])`;
}

async function replace(
  tx: TransactionSql,
  tenantId: string,
  grain: Grain,
  computed: Computed,
): Promise<void> {
  const rows = [...computed].flatMap(([bucket, teams]) =>
    [...teams].map(([key, time]): TeamRow => {
      const queues = JSON.parse(key) as string[]; // Written by JSON.stringify above.
      return { grain, bucket, queues, ...time };
    }),
  );
  await tx`
    delete from team_trends where tenant_id = ${tenantId} and grain = ${grain}
      and bucket = any(${instants([...computed.keys()])}::timestamptz[])`;
  await teamRows.upsert(tx, tenantId, rows);
}

function teamOf(teams: Map<string, TimeSums>, key: string): TimeSums {
  const sums = teams.get(key) ?? emptyTimeSums();
  teams.set(key, sums);
  return sums;
}
