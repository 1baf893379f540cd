import { type Database, inTenant } from '../../db/connect.ts';
import { idempotencyKey } from '../eventItem.ts';
import type { DemoDay } from './calendar.ts';
import { ALWAYS_OPEN, OPENING_HOURS, PAUSE_LIMITS, QUEUES, SECTORS } from './centre.ts';
import { keyOf, SIMULATOR } from './day.ts';
import { setUpReviewForm } from './reviewForm.ts';

/** What the simulator has to know and to set in the tenant it plays in. */

/** Sectors, and who and what belongs to them. What somebody has arranged otherwise meanwhile stays as it is. */
export function setUpDemo(db: Database, tenantId: string): Promise<void> {
  return inTenant(db, tenantId, async (tx) => {
    let isNew = false;
    for (const { id, name, agents } of SECTORS) {
      const { count } = await tx`
        insert into sectors (tenant_id, id, name) values (${tenantId}, ${id}, ${name}) on conflict do nothing`;
      isNew ||= count > 0;
      for (const { name, sector } of QUEUES) {
        if (sector !== id) continue;
        const hours = name === ALWAYS_OPEN ? null : tx.json(OPENING_HOURS);
        await tx`
          insert into queues (tenant_id, id, name, sector_id, opening_hours)
          values (${tenantId}, ${name}, ${name}, ${id}, ${hours})
          on conflict (tenant_id, id) do nothing`;
      }
      await tx`
        insert into agents (tenant_id, id, name, sector_id)
        select ${tenantId}, named, named, ${id} from unnest(${[...agents]}::text[]) as named
        on conflict (tenant_id, id) do nothing`;
    }
    await setUpReviewForm(tx, tenantId);
    if (isNew)
      await tx`update settings set pause_limits = ${tx.json(PAUSE_LIMITS)} where tenant_id = ${tenantId}`;
  });
}

export interface DemoPlace {
  timeZone: string;
  /** The last thing the simulator said, epoch ms; null when it has said nothing yet. */
  saidUntil: number | null;
  /** What stands against playing on, as a sentence; null when nothing does. */
  realSource: string | null;
}

/** Null where the tenant is gone. */
export function readPlace(db: Database, tenantId: string): Promise<DemoPlace | null> {
  return inTenant(db, tenantId, async (tx) => {
    const [settings] = await tx<{ time_zone: string }[]>`
      select time_zone from settings where tenant_id = ${tenantId}`;
    if (!settings) return null;
    const [last] = await tx<{ at: number }[]>`
      select (extract(epoch from occurred_at) * 1000)::float8 as at from call_events
      where tenant_id = ${tenantId} and source = ${SIMULATOR} order by occurred_at desc limit 1`;
    return {
      timeZone: settings.time_zone,
      saidUntil: last?.at ?? null,
      realSource: await realSource(tx, tenantId),
    };
  });
}

/** A day's last calls end in the first minutes of the next. */
const TAIL_MS = 30 * 60_000;

/**
 * Whether a day is in the log: its last event is, and a day is told in order; or it was told otherwise, by another
 * seed, at another speed, by an older simulator, and is no more to be told than the same day twice.
 */
export function isTold(db: Database, tenantId: string, day: DemoDay & { start: number }): Promise<boolean> {
  return inTenant(db, tenantId, async (tx) => {
    const [last] = await tx`
      select 1 from event_keys
      where tenant_id = ${tenantId} and key = ${idempotencyKey(SIMULATOR, keyOf(day, 'end'))}::uuid`;
    if (last) return true;
    const [from, until] = [new Date(day.start + TAIL_MS), new Date(day.instant(24 * 60))];
    const within = tx`
      tenant_id = ${tenantId} and occurred_at >= ${from} and occurred_at < ${until} and source = ${SIMULATOR}`;
    const edges = await tx<{ source_key: string }[]>`
      (select source_key from call_events where ${within} order by occurred_at limit 1) union all
      (select source_key from call_events where ${within} order by occurred_at desc limit 1)`;
    const own = keyOf(day, 'end').slice(0, -'end'.length);
    return edges.some(({ source_key: key }) => !key.startsWith(own) || key.includes(' '));
  });
}

type Transaction = Parameters<Parameters<typeof inTenant>[2]>[0];

/** A key that may send events, or a log that was imported, says that somebody has connected a call centre of their own. */
async function realSource(tx: Transaction, tenantId: string): Promise<string | null> {
  const [key] = await tx<{ name: string }[]>`
    select name from api_keys
    where tenant_id = ${tenantId} and revoked_at is null and 'events:write' = any(scopes) limit 1`;
  if (key) return `the API key “${key.name}” may send events`;
  const [log] = await tx<{ name: string }[]>`select name from imports where tenant_id = ${tenantId} limit 1`;
  return log ? `the log “${log.name}” was imported` : null;
}
