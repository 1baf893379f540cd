import { type Database, inTenant } from '../db/connect.ts';
import type { IngestPolicy } from './eventItem.ts';

/** Tenants remembered at once [L13]. */
const KEPT = 1_000;

interface Row {
  caller_privacy: 'hashed' | 'clear';
  caller_key: Uint8Array;
  namespaces: Record<string, string>;
}

/** What a tenant has decided about its sources and callers. A change acts after `ttlMs` at the latest. */
export function createPolicies(options: {
  db: Pick<Database, 'sql'>;
  ttlMs: number;
}): (tenantId: string) => Promise<IngestPolicy> {
  const kept = new Map<string, { readAt: number; policy: Promise<IngestPolicy> }>();

  return (tenantId) => {
    const now = performance.now();
    const known = kept.get(tenantId);
    if (known !== undefined && now - known.readAt < options.ttlMs) return known.policy;
    const policy = readPolicy(options.db, tenantId);
    kept.delete(tenantId);
    kept.set(tenantId, { readAt: now, policy });
    const oldest = kept.size > KEPT ? kept.keys().next().value : undefined;
    if (oldest !== undefined) kept.delete(oldest);
    // A failure is this request's, not the next one's.
    policy.catch(() => kept.delete(tenantId));
    return policy;
  };
}

async function readPolicy(db: Pick<Database, 'sql'>, tenantId: string): Promise<IngestPolicy> {
  const [row] = await inTenant(
    db,
    tenantId,
    (tx) => tx<Row[]>`
      select caller_privacy, caller_key,
        (select coalesce(jsonb_object_agg(id, namespace), '{}') from sources where namespace <> '') as namespaces
      from settings`,
  );
  if (row === undefined) throw new Error(`tenant ${tenantId} has no settings`);
  return {
    callers: { privacy: row.caller_privacy, key: row.caller_key },
    namespaces: new Map(Object.entries(row.namespaces)),
  };
}
