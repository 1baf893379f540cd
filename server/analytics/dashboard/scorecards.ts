import type { TransactionSql } from 'postgres';
import type { SectorDay } from '../../../shared/contract/dashboard.ts';
import { type LiveSettings, UNASSIGNED_SECTOR } from '../../../shared/contract/settings.ts';
import { ratio, serviceLevelParts, type Verdicts } from '../../../shared/metrics/serviceLevel.ts';
import { type Calendar, dateAt } from '../calendar.ts';
import { type AgentGroup, type AgentRowRead, groupOf } from '../performance/agentRows.ts';

/** What the materialised views hold of a tenant: days that are over, added up some minutes ago [L10]. */

/** When they were made, in epoch ms; null: not yet. */
export async function scorecardsMadeAt(tx: TransactionSql): Promise<number | null> {
  const [row] = await tx<{ at: number }[]>`
    select floor(extract(epoch from refreshed_at) * 1000)::float8 as at from scorecard_refreshes`;
  return row?.at ?? null;
}

/** The tenant's agents over the last `days` days (7 or 30) that were over then, and which days those are. */
export async function readScorecards(
  tx: TransactionSql,
  days: 7 | 30,
): Promise<{ agents: AgentGroup[]; startDate?: string; endDate?: string }> {
  const rows = await tx<(AgentRowRead & { startDate: string; endDate: string })[]>`
    select identity, '' as "queueId", first_day::text as "startDate", last_day::text as "endDate",
      answered::float8, handled::float8, transferred::float8, completed::float8, missed_rings::float8 as "missedRings",
      outbound::float8, callback_answered::float8 as "callbackAnswered", answered_wait_ms::float8 as "answeredWaitMs", talk_ms::float8 as "talkMs",
      hold_ms::float8 as "holdMs", hold_known::float8 as "holdKnown", wrap_up_ms::float8 as "wrapUpMs",
      state_talking_ms::float8 as "stateTalkingMs", state_outbound_ms::float8 as "stateOutboundMs",
      state_hold_ms::float8 as "stateHoldMs", state_ringing_ms::float8 as "stateRingingMs",
      state_wrap_up_ms::float8 as "stateWrapUpMs", state_paused_ms::float8 as "statePausedMs",
      state_available_ms::float8 as "stateAvailableMs", state_closed_ms::float8 as "stateClosedMs", null as "firstSignedInAt", null as "lastSignedInAt"
    from agent_scorecards(${days})`;
  const agents = rows.map(({ startDate: _, endDate: __, ...row }) => groupOf(row));
  const [first] = rows;
  return { agents, ...(first && { startDate: first.startDate, endDate: first.endDate }) };
}

/**
 * Each sector's days since an instant (epoch ms), in their order, by the definition in force. Of a sector that a queue has left or
 * come to since they were made, none: what the queue did is shown with the sector it is in now [T9], and to nobody else [S46].
 */
export async function readSectorDays(
  tx: TransactionSql,
  since: number,
  settings: Pick<LiveSettings, 'definition' | 'genesys' | 'queues'>,
  calendar: Calendar,
): Promise<Map<string, SectorDay[]>> {
  const { definition, genesys } = settings;
  type Row = {
    sectorId: string;
    at: number;
    queues: string[];
    offered: number;
    allAnswered: number;
    allAbandoned: number;
  } & {
    handled: number;
    handlingMs: number;
  } & Verdicts;
  // Callbacks are outside rates [V11], and so are in no verdict.
  const rows = await tx<Row[]>`
    select sector_id as "sectorId", queues, (extract(epoch from bucket) * 1000)::float8 as at, offered::float8,
      answered::float8 as "allAnswered", abandoned::float8 as "allAbandoned", handled::float8,
      handling_ms::float8 as "handlingMs", (answered - callback_answered)::float8 as answered,
      (abandoned - callback_abandoned)::float8 as abandoned, met::float8, missed::float8,
      abandoned_within::float8 as "abandonedWithin", short::float8, short_within::float8 as "shortWithin",
      callback_within::float8 as "callbackWithin", other_within::float8 as "otherWithin", flow_outs::float8 as "flowOuts"
    from sector_days(${new Date(since)}) order by bucket`;
  const bySector = new Map<string, SectorDay[]>();
  const moved = changedSectors(rows, settings);
  for (const row of rows) {
    if (moved.has(row.sectorId)) continue;
    const level = serviceLevelParts(definition, row, genesys);
    const list = bySector.get(row.sectorId) ?? [];
    bySector.set(row.sectorId, list);
    list.push({
      date: dateAt(row.at, calendar),
      offered: row.offered,
      answered: row.allAnswered,
      abandoned: row.allAbandoned,
      serviceLevel: ratio(level.good, level.of),
      ahtMs: ratio(row.handlingMs, row.handled),
    });
  }
  return bySector;
}

/** Sectors with days of a queue that is in another now, and those others. */
function changedSectors(
  rows: readonly { sectorId: string; queues: readonly string[] }[],
  { queues }: Pick<LiveSettings, 'queues'>,
): Set<string> {
  const changed = new Set<string>();
  for (const { sectorId, queues: ids } of rows) {
    for (const id of ids) {
      const now = queues.get(id)?.sectorId ?? UNASSIGNED_SECTOR;
      if (now !== sectorId) changed.add(sectorId).add(now);
    }
  }
  return changed;
}
