import { createHash } from 'node:crypto';
import type { Definition, Targets } from '../../shared/contract/metrics.ts';
import { DEFAULT_SETTINGS, type LiveSettings } from '../../shared/contract/settings.ts';
import type { OpeningHours, PauseLimit } from '../../shared/contract/settingsRest.ts';
import type { Database } from '../db/connect.ts';
import { ask } from '../log/ask.ts';

/** What a tenant has decided, as the pure core wants it; `version` moves with every change of any of it. */
export interface LoadedSettings {
  version: number;
  settings: LiveSettings;
  /** Equal for settings under which events fold into the same state: names and thresholds act when a number is read. */
  foldFingerprint: string;
  /** Equal, too, while no event that was folded has been taken back: state of another one is folded anew. */
  stateFingerprint: string;
  /** Moves when events are taken back. */
  logEpoch: number;
}

interface SettingsRow {
  version: number;
  log_epoch: number;
  time_zone: string;
  day_start_minutes: number;
  definition: Definition;
  genesys_abandons_out: boolean;
  genesys_short_abandons_in: boolean;
  genesys_flow_outs_in: boolean;
  threshold_seconds: number;
  short_abandon_seconds: number;
  wrap_up_seconds: number;
  max_wait_seconds: number;
  minimum_sample: number;
  first_contact_days: number;
  agent_unheard_hours: number;
  source_silent_seconds: number;
  pause_limits: PauseLimit[];
  service_level_target: number;
  service_level_critical: number;
  abandonment_limit: number;
  abandonment_critical: number;
  completion_target: number | null;
  occupancy_limit: number | null;
  asa_target_seconds: number | null;
  aht_target_seconds: number | null;
}

interface QueueRow {
  id: string;
  name: string;
  sector_id: string;
  threshold_seconds: number | null;
  short_abandon_seconds: number | null;
  wrap_up_seconds: number | null;
  max_wait_seconds: number | null;
  opening_hours: OpeningHours | null;
  service_level_target: number | null;
  abandonment_limit: number | null;
  asa_target_seconds: number | null;
  aht_target_seconds: number | null;
}

export async function loadSettings(db: Pick<Database, 'sql'>, tenantId: string): Promise<LoadedSettings> {
  const [[row], sectors, queues, agents, aliases] = await ask(db, tenantId, (tx) =>
    // The version first: what changes while we read moves it again, and is read again.
    Promise.all([
      tx<SettingsRow[]>`
        select version::float8, log_epoch::float8, time_zone, day_start_minutes, definition, genesys_abandons_out,
          genesys_short_abandons_in, genesys_flow_outs_in, threshold_seconds, short_abandon_seconds, wrap_up_seconds,
          max_wait_seconds, minimum_sample, first_contact_days, agent_unheard_hours, source_silent_seconds, pause_limits,
          service_level_target, service_level_critical, abandonment_limit, abandonment_critical, completion_target,
          occupancy_limit, asa_target_seconds, aht_target_seconds
        from settings where tenant_id = ${tenantId}`,
      tx<{ id: string; name: string }[]>`select id, name from sectors where tenant_id = ${tenantId}`,
      tx<QueueRow[]>`
        select id, name, sector_id, threshold_seconds, short_abandon_seconds, wrap_up_seconds, max_wait_seconds,
          opening_hours, service_level_target, abandonment_limit, asa_target_seconds, aht_target_seconds
        from queues where tenant_id = ${tenantId}`,
      tx<{ id: string; name: string; sector_id: string; nickname: string | null }[]>`
        select id, name, sector_id, nickname from agents where tenant_id = ${tenantId}`,
      tx<{ alias: string; agent_id: string }[]>`
        select alias, agent_id from agent_aliases where tenant_id = ${tenantId} order by alias`,
    ]),
  );
  if (!row) throw new Error('settings: the tenant does not exist');
  const settings: LiveSettings = {
    timeZone: row.time_zone,
    dayStartMinutes: row.day_start_minutes,
    definition: row.definition,
    genesys: {
      abandonsOut: row.genesys_abandons_out,
      shortAbandonsIn: row.genesys_short_abandons_in,
      flowOutsIn: row.genesys_flow_outs_in,
    },
    thresholdSeconds: row.threshold_seconds,
    shortAbandonSeconds: row.short_abandon_seconds,
    wrapUpSeconds: row.wrap_up_seconds,
    maxWaitSeconds: row.max_wait_seconds,
    minimumSample: row.minimum_sample,
    firstContactDays: row.first_contact_days,
    agentUnheardHours: row.agent_unheard_hours,
    sourceSilentSeconds: row.source_silent_seconds,
    pauseLimits: row.pause_limits,
    targets: {
      serviceLevel: row.service_level_target,
      serviceLevelCritical: row.service_level_critical,
      abandonmentRate: row.abandonment_limit,
      abandonmentCritical: row.abandonment_critical,
      completionRate: row.completion_target,
      occupancy: row.occupancy_limit,
      asaMs: msOf(row.asa_target_seconds),
      ahtMs: msOf(row.aht_target_seconds),
    },
    queues: new Map(
      queues.map((queue) => [
        queue.id,
        {
          name: queue.name,
          sectorId: queue.sector_id,
          thresholdSeconds: queue.threshold_seconds,
          shortAbandonSeconds: queue.short_abandon_seconds,
          wrapUpSeconds: queue.wrap_up_seconds,
          maxWaitSeconds: queue.max_wait_seconds,
          openingHours: queue.opening_hours,
          targets: ownTargets(queue),
        },
      ]),
    ),
    agents: new Map(
      agents.map(({ id, name, sector_id, nickname }) => [id, { name, sectorId: sector_id, nickname }]),
    ),
    sectors: new Map([
      ...DEFAULT_SETTINGS.sectors,
      ...sectors.map(({ id, name }): [string, string] => [id, name]),
    ]),
    aliases: new Map(aliases.map(({ alias, agent_id }) => [alias, agent_id])),
  };
  const foldFingerprint = fingerprintOf(settings);
  return {
    version: row.version,
    settings,
    foldFingerprint,
    stateFingerprint: `${foldFingerprint}:${row.log_epoch}`,
    logEpoch: row.log_epoch,
  };
}

/** Null is the tenant's to say. */
function ownTargets(queue: QueueRow): Partial<Targets> {
  return {
    ...(queue.service_level_target !== null && { serviceLevel: queue.service_level_target }),
    ...(queue.abandonment_limit !== null && { abandonmentRate: queue.abandonment_limit }),
    ...(queue.asa_target_seconds !== null && { asaMs: msOf(queue.asa_target_seconds) }),
    ...(queue.aht_target_seconds !== null && { ahtMs: msOf(queue.aht_target_seconds) }),
  };
}

function msOf(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1_000;
}

function fingerprintOf(settings: LiveSettings): string {
  const wrapUps = [...settings.queues]
    .filter(([, queue]) => queue.wrapUpSeconds !== null)
    .map(([id, queue]) => [id, queue.wrapUpSeconds])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  const hours = [...settings.queues]
    .flatMap(([id, { openingHours }]) => (openingHours === null ? [] : [[id, openingHours] as const]))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const { timeZone, dayStartMinutes, wrapUpSeconds, agentUnheardHours, aliases } = settings;
  const text = JSON.stringify([
    timeZone,
    dayStartMinutes,
    wrapUpSeconds,
    agentUnheardHours,
    wrapUps,
    [...aliases],
    // Where no queue ever closes there are none, and the name is what it was before they counted. That every day was folded anew
    // when they came to count is FACTS_VERSION's doing (server/history/projector.ts), not theirs.
    ...(hours.length > 0 ? [hours] : []),
  ]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
