import type { EventKind } from '../../shared/contract/events.ts';
import { type Database, inTenant } from '../db/connect.ts';
import { keptSince } from '../log/keptSince.ts';
import type { IngestPolicy } from './eventItem.ts';

/** Tenants remembered at once [L13]. */
const KEPT = 1_000;

interface Row {
  caller_privacy: 'hashed' | 'clear';
  caller_key: Uint8Array;
  namespaces: Record<string, string>;
  time_zone: string;
  day_start_minutes: number;
  event_retention_months: number | null;
  events_since: number;
  enable_csat: boolean;
  enable_quality: boolean;
  enable_cost: boolean;
}

/** What each switch turns off. */
const SWITCHED = [
  ['enable_csat', 'survey.answered'],
  ['enable_quality', 'quality.scored'],
  ['enable_cost', 'revenue.recorded'],
] as const satisfies [keyof Row, EventKind][];

interface PolicyOptions {
  db: Pick<Database, 'sql'>;
  ttlMs: number;
  /** The installation's term for events; null: they are kept. */
  eventMonths: number | null;
  /** Epoch ms. */
  now?: () => number;
}

/** What a tenant has decided about its sources and callers. A change acts once it is forgotten, or after `ttlMs` at the latest. */
export interface Policies {
  policyOf(tenantId: string): Promise<IngestPolicy>;
  forget(tenantId: string): void;
}

export function createPolicies(options: PolicyOptions): Policies {
  const kept = new Map<string, { readAt: number; policy: Promise<IngestPolicy> }>();

  const policyOf = (tenantId: string): Promise<IngestPolicy> => {
    const now = performance.now();
    const known = kept.get(tenantId);
    if (known !== undefined && now - known.readAt < options.ttlMs) return known.policy;
    const policy = readPolicy(options, tenantId);
    kept.delete(tenantId);
    kept.set(tenantId, { readAt: now, policy });
    const oldest = kept.size > KEPT ? kept.keys().next().value : undefined;
    if (oldest !== undefined) kept.delete(oldest);
    // A failure is this request's, not the next one's.
    policy.catch(() => kept.delete(tenantId));
    return policy;
  };

  return {
    policyOf,
    forget(tenantId) {
      kept.delete(tenantId);
    },
  };
}

async function readPolicy(options: PolicyOptions, tenantId: string): Promise<IngestPolicy> {
  const { db, eventMonths, now = Date.now } = options;
  const [row] = await inTenant(
    db,
    tenantId,
    (tx) => tx<Row[]>`
      select caller_privacy, caller_key, time_zone, day_start_minutes, event_retention_months, enable_csat, enable_quality,
        enable_cost,
        (select coalesce(extract(epoch from max(events_since)) * 1000, 0)::float8 from retention_marks) as events_since,
        (select coalesce(jsonb_object_agg(id, namespace), '{}') from sources where namespace <> '') as namespaces
      from settings`,
  );
  if (row === undefined) throw new Error(`tenant ${tenantId} has no settings`);
  return {
    callers: { privacy: row.caller_privacy, key: row.caller_key },
    namespaces: new Map(Object.entries(row.namespaces)),
    keptSince: since(row, eventMonths, now()),
    refusedKinds: new Set(SWITCHED.filter(([on]) => !row[on]).map(([, kind]) => kind)),
  };
}

/** By the shorter term, and never before what has been removed already: a term may have been made longer since. */
function since(row: Row, eventMonths: number | null, now: number): number | null {
  const own = row.event_retention_months;
  const latest = Math.max(
    row.events_since,
    eventMonths === null ? 0 : keptSince(now, eventMonths),
    own === null ? 0 : keptSince(now, own, row.time_zone, row.day_start_minutes),
  );
  return latest === 0 ? null : latest;
}
